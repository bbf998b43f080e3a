import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { SUCCESS } from '../trail/event.ts'
import {
  aggregateEvents,
  type EventPart,
  eventPartsOnly,
  META_TIMEOUT_MS,
  mergeEventAggregates,
  NO_EVENTS,
} from './event-aggregate.ts'
import { EVENT_ROLLUPS } from './kinds.ts'
import { TIME_BUCKET_MS, timeBucketOf } from './session-aggregate.ts'

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
const late = eventOf({
  at: START + TIME_BUCKET_MS - 1,
  screen: 'DATE',
  next: 'TIME',
  processingMs: META_TIMEOUT_MS + 0.25,
})
const failed = eventOf({
  at: START + TIME_BUCKET_MS,
  screen: 'TIME',
  next: '',
  outcome: 'failed',
  errors: [{ code: 'upstream_timeout', field: 'slots' }],
  processingMs: META_TIMEOUT_MS,
  replyBytes: 7,
})
const done = eventOf({
  at: START + TIME_BUCKET_MS + 9,
  screen: 'TIME',
  next: SUCCESS,
  outcome: 'completed',
  token: '',
  replyBytes: 8,
})

test('traffic is counted by requests of five minutes, by what went wrong where, and by what was large', () => {
  expect(aggregateEvents([done, late, failed, opening, refused])).toEqual({
    requests: {
      [timeBucketOf(START)]: {
        requests: 3,
        failed: 0,
        timedOut: 1,
        withErrors: { validation: 1 },
      },
      [timeBucketOf(START) + 1]: {
        requests: 2,
        failed: 1,
        timedOut: 0,
        withErrors: { upstream: 1 },
      },
    },
    durations: { [timeBucketOf(START)]: [2, 4.25, 10_000.25], [timeBucketOf(START) + 1]: [4.25, 10_000] },
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
  expect(aggregateEvents([])).toEqual(NO_EVENTS)
})

test('the traffic of parts is the traffic of the whole, in any order, and when there are too many to keep each', () => {
  const many = Array.from({ length: 1_100 }, (_, index) => eventOf({ at: START + index * 400, processingMs: index }))
  fc.assert(
    fc.property(arbitraryEvents, fc.array(fc.nat({ max: 3 })), fc.boolean(), (drawn, cuts, isMany) => {
      const events = isMany ? [...drawn, ...many] : drawn
      const split = Map.groupBy(events.entries(), ([index]) => cuts[index % Math.max(1, cuts.length)] ?? 0)
      const parts = [...split.values()].map((some) => aggregateEvents(some.map(([, event]) => event)))
      expect(mergeEventAggregates(parts)).toEqual(aggregateEvents(events))
      expect(JSON.stringify(mergeEventAggregates(parts.reverse()))).toBe(
        JSON.stringify(aggregateEvents(events.toReversed())),
      )
    }),
    { numRuns: 50 },
  )
})

test('traffic is kept and read again, in whole or in parts', () => {
  fc.assert(
    fc.property(arbitraryEvents, (events) => {
      const traffic = aggregateEvents(events)
      const { requests, durations, contents } = EVENT_ROLLUPS.encode(traffic) as { [part in EventPart]: string }
      expect(EVENT_ROLLUPS.decode({ requests, durations, contents })).toEqual(traffic)
      expect(EVENT_ROLLUPS.decode({ requests })).toEqual({ ...NO_EVENTS, requests: traffic.requests })
      for (const part of ['durations', 'contents'] as const)
        expect(EVENT_ROLLUPS.decode({ requests, [part]: { durations, contents }[part] })).toEqual(
          eventPartsOnly(traffic, ['requests', part]),
        )
    }),
  )
})
