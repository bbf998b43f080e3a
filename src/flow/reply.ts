// From a decision to the plaintext of the reply, within the limits of Meta's data channel.

import type { Json, JsonObject } from '../lib/json.ts'
import type { Outcome, TrailError } from '../trail/event.ts'
import { sealedBytes } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Flow } from './definition.ts'
import { optionsIn } from './options.ts'

/** A decision, before it is written as a reply. */
export type ReplyTurn = {
  readonly outcome: Outcome
  readonly next: string
  readonly data: JsonObject
  readonly errors: readonly TrailError[]
  readonly upstreamMs: number
}

/** A turn whose data is written down. */
export type Packed = Omit<ReplyTurn, 'data'> & {
  /** The plaintext of the reply. */
  readonly text: string
  /** What it lets people choose from, where the flow has choices that its config does not list. */
  readonly options?: readonly string[]
}

/** Meta's limit for what goes through the data channel, and where we begin to warn. Bytes of the plaintext. */
export const MAX_REPLY_BYTES = 1024 * 1024
export const LARGE_REPLY_BYTES = 256 * 1024

/** The limit as it is sent: encrypted, in base64. */
export const MAX_SENT_BYTES = sealedBytes(MAX_REPLY_BYTES)

export function pack(flow: Flow, request: FlowRequest, turn: ReplyTurn): Packed {
  const write = ({ next, data }: Pick<ReplyTurn, 'next' | 'data'>) =>
    JSON.stringify({ version: request.version, screen: next, data: withoutNulls(data) })
  const { outcome, next, errors, upstreamMs } = turn
  const options = flow.hasOpenChoices && { options: optionsIn(turn.data) }
  const text = write(turn)
  const bytes = Buffer.byteLength(text)
  if (bytes <= LARGE_REPLY_BYTES) return { text, outcome, next, errors, upstreamMs, ...options }

  const size = `the reply with screen ${next} has ${bytes} bytes; Meta accepts at most ${MAX_REPLY_BYTES}`
  if (bytes <= MAX_REPLY_BYTES) {
    const warning = { code: 'reply_large', message: size }
    return { text, outcome, next, errors: [...errors, warning], upstreamMs, ...options }
  }
  const here = flow.screens.has(request.screen) ? request.screen : flow.start
  return {
    text: write({ next: here, data: { error_message: flow.failureMessage } }),
    outcome: 'failed',
    next: here,
    errors: [...errors, { code: 'reply_too_large', message: size }],
    upstreamMs,
  }
}

/** Meta's data types know no null: a property without a value is left out. */
function withoutNulls(value: Json): Json | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map(withoutNulls).filter((item) => item !== undefined)
  if (typeof value !== 'object') return value
  const kept = Object.entries(value)
    .map(([key, item]) => [key, withoutNulls(item)] as const)
    .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined)
  return Object.fromEntries(kept)
}
