// Trail events for tests: one by hand, or whole histories by fast-check.

import fc from 'fast-check'
import { sha256 } from '../src/lib/ids.ts'
import type { Json } from '../src/lib/json.ts'
import { canonical } from '../src/lib/json.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'

/** 2026-03-02T09:00:00Z, a Monday. */
export const START = Date.UTC(2026, 2, 2, 9)

/** A submission that was shown the next screen, unless said otherwise. Its id follows from its content, so equal is the same. */
export function eventOf(partial: Partial<TrailEvent> = {}): TrailEvent {
  const input = partial.input ?? {}
  const event = {
    flow: 'repair-booking',
    version: '1f3a5c7e',
    token: 'token-1',
    at: START,
    action: 'submit',
    screen: 'SERVICE_SELECTION',
    next: 'DATE_TIME',
    outcome: 'shown',
    fingerprint: partial.fingerprint ?? sha256(canonical(input)).slice(0, 11),
    errors: [],
    processingMs: 4.25,
    upstreamMs: 1.5,
    requestBytes: 612,
    replyBytes: 480,
    ...partial,
    input,
  } satisfies Omit<TrailEvent, 'id'>
  return { id: partial.id ?? sha256(canonical(event as unknown as Json)), ...event }
}

/**
 * Histories of a few tokens in two flows, with ids of their own and times that coincide, follow within seconds, or lie hours
 * apart. Sorted in no way; all tokens are tracked. Durations are quarters of a millisecond, so that sums of them are exact.
 */
export const arbitraryEvents: fc.Arbitrary<TrailEvent[]> = fc
  .array(draft(), { maxLength: 30 })
  .map((drafts) => drafts.map((draft, index) => eventOf({ ...draft, id: sha256(`event ${index}`) })))

function draft(): fc.Arbitrary<Partial<TrailEvent>> {
  const what = fc.oneof(
    fc.record({ action: is('init'), screen: is(''), next: screen(), outcome: fc.constantFrom('shown', 'failed') }),
    fc.record({ action: is('submit'), screen: screen(), next: screen(), outcome: is('shown'), input: input() }),
    screen().chain((here) =>
      fc.record({
        action: is('submit'),
        screen: is(here),
        next: is(here),
        outcome: is('rejected'),
        input: input(),
        errors: is([{ code: 'invalid_field', field: 'service', rule: 'required', message: 'Pick a service' }]),
      }),
    ),
    fc.record({ action: is('submit'), screen: screen(), next: is(SUCCESS), outcome: is('completed'), input: input() }),
    fc.record({
      action: is('submit'),
      screen: screen(),
      next: is(''),
      outcome: is('failed'),
      errors: is([{ code: 'upstream_timeout', field: 'slots' }]),
    }),
    fc.record({ action: is('back'), screen: screen(), next: screen(), outcome: is('shown') }),
    fc.record({
      action: is('client_error'),
      screen: screen(),
      next: is(''),
      outcome: is('acknowledged'),
      errors: is([{ code: 'client:payload-schema-error' }]),
    }),
  )
  const where = fc.record(
    {
      flow: fc.constantFrom('repair-booking', 'feedback'),
      token: fc.constantFrom('ada', 'grace', 'edsger'),
      version: fc.constantFrom('1f3a5c7e', '2b4d6f80'),
      at: instant(),
      trigger: fc.constantFrom('slot_search', 'price'),
      sequence: fc.nat({ max: 5 }).map(String),
      processingMs: quarters(),
      upstreamMs: quarters(),
      requestBytes: fc.nat({ max: 5_000 }),
      replyBytes: fc.nat({ max: 5_000 }),
    },
    { requiredKeys: ['flow', 'token', 'version', 'at', 'processingMs', 'upstreamMs', 'requestBytes', 'replyBytes'] },
  )
  return fc.tuple(what, where).map(([what, where]) => ({ ...what, ...where }))
}

function is<const T>(value: T) {
  return fc.constant(value)
}

function screen() {
  return fc.constantFrom('SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO')
}

function input() {
  const service = fc.constantFrom<Json[]>('emergency', 'routine', ['routine', 'emergency'], ['emergency'], '')
  return fc.record({ service, note: fc.nat({ max: 2 }) })
}

function quarters() {
  return fc.nat({ max: 8_000 }).map((count) => count / 4)
}

function instant() {
  const later = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 30_000 }), fc.nat({ max: 5 * 3_600_000 }))
  return later.map((ms) => START + ms)
}
