// Checks which events can be stored. They were parsed before, so a refusal means a bug in a writer; refusing the one event keeps it
// from holding up the others.

import { isObject } from '../lib/json.ts'
import { ACTIONS, OUTCOMES, type TrailEvent } from '../trail/event.ts'
import type { Recorded } from './store.ts'

type FieldNames = Readonly<Record<keyof TrailEvent, string>>

/** The events that can be stored, and what is wrong with the others. `names`: what their fields are called where they come from. */
export function validateBatch(
  batch: readonly TrailEvent[],
  names?: FieldNames,
): { accepted: TrailEvent[]; refused: Recorded['refused'] } {
  const refused: { id: string; reason: string }[] = []
  const accepted = batch.filter((event) => {
    const reason = refusalOf(event, names)
    if (reason !== undefined) refused.push({ id: String(event?.id), reason })
    return reason === undefined
  })
  return { accepted, refused }
}

/** What is wrong with the event, as one sentence for the operator; undefined when it can be stored. */
function refusalOf(event: unknown, names: FieldNames | undefined): string | undefined {
  if (typeof event !== 'object' || event === null) return 'the event is not an object'
  const found = event as { readonly [field: string]: unknown }
  for (const field of EVENT_FIELDS) {
    const { is, expected } = CHECKS[field]
    if (!is(found[field])) return `${names?.[field] ?? field} is ${show(found[field])}; expected ${expected}`
  }
  return undefined
}

type EventCheck = { readonly is: (value: unknown) => boolean; readonly expected: string }

export const isEventId = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{43}$/.test(value)

const text: EventCheck = { is: isText, expected: 'text' }
const optionalText: EventCheck = { is: (value) => value === undefined || isText(value), expected: 'text or nothing' }
const whole: EventCheck = { is: Number.isSafeInteger, expected: 'a whole number' }
const size: EventCheck = {
  is: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  expected: 'a number of bytes',
}
const duration: EventCheck = { is: isDuration, expected: 'milliseconds' }

// For each field, so that none can be forgotten here.
const CHECKS: Readonly<Record<keyof TrailEvent, EventCheck>> = {
  id: { is: isEventId, expected: 'a SHA-256 in base64url' },
  flow: text,
  version: text,
  token: text,
  at: whole,
  action: { is: (value) => ACTIONS.some((action) => action === value), expected: ACTIONS.join(', ') },
  screen: text,
  next: text,
  outcome: { is: (value) => OUTCOMES.some((outcome) => outcome === value), expected: OUTCOMES.join(', ') },
  trigger: optionalText,
  sequence: optionalText,
  input: { is: (value) => isObject(value) && isJson(value), expected: 'an object of JSON values' },
  fingerprint: text,
  errors: { is: (value) => Array.isArray(value) && value.every(isError), expected: 'a list of errors' },
  processingMs: duration,
  upstreamMs: duration,
  requestBytes: size,
  replyBytes: size,
}

/** All that an event has. Archives keep it in this order, so that it stays. */
export const EVENT_FIELDS = Object.keys(CHECKS) as readonly (keyof TrailEvent)[]

/** Text that survives UTF-8. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed()
}

/** Kept in hundredths, which must still be a whole number that JavaScript can hold. */
function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER / 100
}

function isError(value: unknown): boolean {
  return isObject(value) && isText(value.code) && [value.field, value.rule, value.message].every(optionalText.is)
}

/** Bounded in depth, so that an object that contains itself is refused too. */
function isJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (depth > MAX_STORED_DEPTH || typeof value !== 'object') return false
  return Object.values(value).every((item) => isJson(item, depth + 1))
}

const MAX_STORED_DEPTH = 500

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
}
