// Writes the plaintext of a reply, within the limits of Meta's data channel.

import type { Json, JsonObject } from '../lib/json.ts'
import type { Outcome, TrailError } from '../trail/event.ts'
import { sealedBytes } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Flow } from './definition.ts'
import { optionsIn } from './options.ts'

/** What to answer: a screen with its data, or the end of the flow. */
export type Decision = {
  readonly outcome: Outcome
  readonly next: string
  readonly data: JsonObject
  readonly errors: readonly TrailError[]
  readonly upstreamMs: number
}

export type Reply = Omit<Decision, 'data'> & {
  /** The plaintext. */
  readonly text: string
  /** The options it offers, if the flow has choices that its config does not list, or learns which fields are choices. */
  readonly options?: readonly string[]
}

/** Meta's limit for the data channel, and from which size on we warn. Bytes of the plaintext. */
export const MAX_REPLY_BYTES = 1024 * 1024
export const LARGE_REPLY_BYTES = 256 * 1024

/** The limit after encryption, in base64. */
export const MAX_SENT_BYTES = sealedBytes(MAX_REPLY_BYTES)

export function writeReply(
  flow: Flow,
  request: FlowRequest,
  { outcome, next, data, errors, upstreamMs }: Decision,
): Reply {
  const write = (screen: string, data: JsonObject) =>
    JSON.stringify({ version: request.version, screen, data: withoutNulls(data) })
  const decision = { outcome, next, errors, upstreamMs }
  const text = write(next, data)
  const reply = { ...decision, text, ...((flow.hasOpenChoices || flow.isLearning) && { options: optionsIn(data) }) }
  const bytes = Buffer.byteLength(text)
  if (bytes <= LARGE_REPLY_BYTES) return reply

  const message = `the reply with screen ${next} has ${bytes} bytes; Meta accepts at most ${MAX_REPLY_BYTES}`
  if (bytes <= MAX_REPLY_BYTES) return { ...reply, errors: [...errors, { code: 'reply_large', message }] }
  const here = screenOf(request, flow)
  return {
    ...decision,
    text: write(here, { error_message: flow.failureMessage }),
    outcome: 'failed',
    next: here,
    errors: [...errors, { code: 'reply_too_large', message }],
  }
}

/** The screen a request came from; the first screen if it names none of the flow's. */
export const screenOf = ({ screen }: FlowRequest, { screens, start }: Flow): string =>
  screens.has(screen) ? screen : start

/** Meta's data types have no null: drops such properties. */
function withoutNulls(value: Json): Json | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map(withoutNulls).filter((item) => item !== undefined)
  if (typeof value !== 'object') return value
  const kept = Object.entries(value)
    .map(([key, item]) => [key, withoutNulls(item)] as const)
    .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined)
  return Object.fromEntries(kept)
}
