import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { SUCCESS } from '../trail/event.ts'
import { EVENTS } from './rolled.ts'
import { SPAN_MS, spanOf } from './tally.ts'
import { META_TIMEOUT_MS, mergeTraffic, NO_TRAFFIC, type TrafficPart, trafficIn, trafficOf } from './traffic.ts'

/** Five requests of one morning, worked out by hand. */
const opening = eventOf({
  action: 'init',
  screen: '',
  next: 'DATE',
  token: 'unused',
  requestBytes: 300,
  replyBytes: 900,
})
const refused = eventOf({
  at: START + 1_000,
  screen: 'DATE',
  next: 'DATE',
  outcome: 'rejected',
  errors: [
    { code: 'invalid_field', field: 'date', rule: 'min', message: 'Pick a later day' },
    { code: 'invalid_field', field: 'note' },
  ],
  processingMs: 2,
  requestBytes: 400,
  replyBytes: 950,
})
const late = eventOf({ at: START + SPAN_MS - 1, screen: 'DATE', next: 'TIME', processingMs: META_TIMEOUT_MS + 0.25 })
const failed = eventOf({
  at: START + SPAN_MS,
  screen: 'TIME',
  next: '',
  outcome: 'failed',
  errors: [{ code: 'upstream_timeout', field: 'slots' }],
  processingMs: META_TIMEOUT_MS,
  replyBytes: 7,
})
const done = eventOf({
  at: START + SPAN_MS + 9,
  screen: 'TIME',
  next: SUCCESS,
  outcome: 'completed',
  token: '',
  replyBytes: 8,
})

test('traffic is counted by spans of five minutes, by what went wrong where, and by what was large', () => {
  expect(trafficOf([done, late, failed, opening, refused])).toEqual({
    spans: {
      [spanOf(START)]: {
        requests: 3,
        failed: 0,
        timedOut: 1,
        withErrors: { validation: 1 },
      },
      [spanOf(START) + 1]: {
        requests: 2,
        failed: 1,
        timedOut: 0,
        withErrors: { upstream: 1 },
      },
    },
    durations: { [spanOf(START)]: [2, 4.25, 10_000.25], [spanOf(START) + 1]: [4.25, 10_000] },
    errors: {
      DATE: { 'invalid_field:date/min': 1, 'invalid_field:note': 1 },
      TIME: { 'upstream_timeout:slots': 1 },
    },
    requestBytes: {
      '': { bytes: [300], largest: 300 },
      DATE: { bytes: [400, 612], largest: 612 },
      TIME: { bytes: [612, 612], largest: 612 },
    },
    // Neither an end nor an answer without a screen brought one.
    replyBytes: { DATE: { bytes: [900, 950], largest: 950 }, TIME: { bytes: [480], largest: 480 } },
    untracked: 2,
    shared: 0,
  })
  expect(trafficOf([])).toEqual(NO_TRAFFIC)
})

test('the traffic of parts is the traffic of the whole, in any order, and when there are too many to keep each', () => {
  const many = Array.from({ length: 1_100 }, (_, index) => eventOf({ at: START + index * 400, processingMs: index }))
  fc.assert(
    fc.property(arbitraryEvents, fc.array(fc.nat({ max: 3 })), fc.boolean(), (drawn, cuts, isMany) => {
      const events = isMany ? [...drawn, ...many] : drawn
      const split = Map.groupBy(events.entries(), ([index]) => cuts[index % Math.max(1, cuts.length)] ?? 0)
      const parts = [...split.values()].map((some) => trafficOf(some.map(([, event]) => event)))
      expect(mergeTraffic(parts)).toEqual(trafficOf(events))
      expect(JSON.stringify(mergeTraffic(parts.reverse()))).toBe(JSON.stringify(trafficOf(events.toReversed())))
    }),
    { numRuns: 50 },
  )
})

test('traffic is kept and read again, in whole or in parts', () => {
  fc.assert(
    fc.property(arbitraryEvents, (events) => {
      const traffic = trafficOf(events)
      const { spans, durations, contents } = EVENTS.toParts(traffic) as { [part in TrafficPart]: string }
      expect(EVENTS.fromParts({ spans, durations, contents })).toEqual(traffic)
      expect(EVENTS.fromParts({ spans })).toEqual({ ...NO_TRAFFIC, spans: traffic.spans })
      for (const part of ['durations', 'contents'] as const)
        expect(EVENTS.fromParts({ spans, [part]: { durations, contents }[part] })).toEqual(
          trafficIn(traffic, ['spans', part]),
        )
    }),
  )
})
