import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { TrailError } from './shapes.ts'

export type { TrailError } from './shapes.ts'

export const ACTIONS = ['init', 'submit', 'back', 'client_error'] as const
export type Action = (typeof ACTIONS)[number]

/**
 * What became of the request.
 * `shown`: a screen was sent · `rejected`: the same screen again, with what was refused · `completed`: the flow ended, with `SUCCESS` or with
 * a screen on which the phone ends it and which the config says is a completion ·
 * `failed`: we could not answer properly · `acknowledged`: an error the user's client reported to us.
 */
export const OUTCOMES = ['shown', 'rejected', 'completed', 'failed', 'acknowledged'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One answered request of a user's client. Written once, edited only by the privacy jobs. */
export type TrailEvent = {
  /** base64url SHA-256 over the request body as received, so the same bytes are the same event. */
  readonly id: string
  readonly flow: string
  /** Fingerprint of the flow's definition at that time. */
  readonly version: string
  /** The flow_token, or a pseudonym of it if it identifies the person. Empty if the client sent none. */
  readonly token: string
  /** Instant received, milliseconds since the epoch. */
  readonly at: number
  readonly action: Action
  /** The screen the user was on, `UNKNOWN_SCREEN` for one that the flow does not have; empty on INIT. */
  readonly screen: string
  /** The screen we sent, `SUCCESS`, or empty when we sent none (an acknowledgement). */
  readonly next: string
  readonly outcome: Outcome
  /** The author's marker of a component-level exchange, if the config defines one; a pseudonym if its value is not known. */
  readonly trigger?: string
  /** The author's sequence number, if the config defines one; a pseudonym if it is no number. */
  readonly sequence?: string
  /** The submitted data after the field policy. */
  readonly input: JsonObject
  /** Keyed hash over the submitted data, to recognise equal submissions without keeping them. */
  readonly fingerprint: string
  readonly errors: readonly TrailError[]
  /** Time in our server until the event was handed to the journal, milliseconds. Includes upstreamMs. */
  readonly processingMs: number
  /** The part of processingMs spent waiting for outside APIs. */
  readonly upstreamMs: number
  readonly requestBytes: number
  readonly replyBytes: number
}

/** Whether the field policy left something else in place of the value. */
export const isWithheld = (value: Json): boolean =>
  isObject(value) && ('$length' in value || '$hash' in value || '$mask' in value)

/** The screen name that ends a flow. Meta reserves it. */
export const SUCCESS = 'SUCCESS'

/** Stands for any screen that the flow does not define. No screen id has parentheses. */
export const UNKNOWN_SCREEN = '(unknown)'

/** Whether the token identifies a person: Meta sends `"unused"` if the business set none. Events without one belong to no session. */
export const isTracked = (token: string): boolean => token !== '' && token !== 'unused'

/** Characters; requests with longer tokens are refused. */
export const LONGEST_TOKEN = 4_096

/** Characters; longer input is refused whatever the config allows. Meta's TextArea ends at 600. */
export const LONGEST_TEXT = 4_096
