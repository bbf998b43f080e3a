import type { JsonObject } from '../lib/json.ts'

export const ACTIONS = ['init', 'submit', 'back', 'client_error'] as const
export type Action = (typeof ACTIONS)[number]

/**
 * What became of the request.
 * `shown`: a screen was sent · `rejected`: the same screen again, with validation errors · `completed`: the flow ended ·
 * `failed`: we could not answer properly · `acknowledged`: an error the user's client reported to us.
 */
export const OUTCOMES = ['shown', 'rejected', 'completed', 'failed', 'acknowledged'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Something that went wrong within an answered request: a refused field, a client's error key, an upstream failure. */
export type TrailError = {
  /** `invalid_field`, `upstream_timeout`, `unknown_screen`, `client:payload-schema-error`, … */
  readonly code: string
  /** The field that was refused, or the source that failed. */
  readonly field?: string
  /** The validation rule that refused it: `required`, `type`, `min`, … */
  readonly rule?: string
  readonly message?: string
}

/** One fact: one request of a user's client that we answered. Written once, edited only by the privacy jobs. */
export type TrailEvent = {
  /** base64url SHA-256 over the request body as received, so the same bytes are the same event. */
  readonly id: string
  readonly flow: string
  /** Fingerprint of the flow's definition at that moment. */
  readonly version: string
  /** The flow_token; a pseudonym of it where that says who the person is. Empty when the client sent none. */
  readonly token: string
  /** Instant received, milliseconds since the epoch. */
  readonly at: number
  readonly action: Action
  /** The screen the user was on, `UNKNOWN_SCREEN` for one that the flow does not have; empty on INIT. */
  readonly screen: string
  /** The screen we sent, `SUCCESS`, or empty when we sent none (an acknowledgement). */
  readonly next: string
  readonly outcome: Outcome
  /** The author's own marker of a component-level exchange, where the flow's config names one; a pseudonym of what is not known. */
  readonly trigger?: string
  /** The author's own sequence number, where the flow's config names one; a pseudonym of what is no such number. */
  readonly sequence?: string
  /** The submitted data after the field policy. */
  readonly input: JsonObject
  /** Keyed hash over the submitted data as it came, so that equal submissions are known for equal without being kept. */
  readonly fingerprint: string
  readonly errors: readonly TrailError[]
  /** Time in our server from the first byte until the event was handed to the journal, milliseconds. Includes upstreamMs. */
  readonly processingMs: number
  /** The part of processingMs that was spent waiting for outside APIs, milliseconds. */
  readonly upstreamMs: number
  readonly requestBytes: number
  readonly replyBytes: number
}

/** The screen name that ends a flow; reserved by Meta. */
export const SUCCESS = 'SUCCESS'

/** Stands for any screen that the flow does not have; no screen can be called that. */
export const UNKNOWN_SCREEN = '(unknown)'

/**
 * Whether events of this token can be told apart from other people's. Meta sends `"unused"` when the business set no
 * token, and some clients send none; such events are kept but belong to no session.
 */
export const isTracked = (token: string): boolean => token !== '' && token !== 'unused'

/** Characters; a request with a longer one is refused. */
export const LONGEST_TOKEN = 4_096

/** Characters; longer input is refused whatever the author allows. Meta's own TextArea ends at 600. */
export const LONGEST_TEXT = 4_096
