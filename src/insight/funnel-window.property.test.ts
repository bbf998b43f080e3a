// A window can only make a funnel smaller, also of sessions whose paths are longer than funnels count.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { aggregateSessions } from '../rollup/session-aggregate.ts'
import { sessionStatistics } from '../rollup/session-statistics.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import type { Session } from '../trail/session.ts'
import { type FunnelQuery, funnelOf, timedPathOf } from './funnel.ts'

const SCREENS = ['SERVICE', 'DATE', 'HELP', 'SUMMARY', 'CONTACT']
const rules = {
  ...{ gapMs: 86_400_000, repeatWindowMs: 0, choices: {} },
  funnel: [['SERVICE'], ['DATE'], ['CONTACT', 'SUMMARY']],
}

type Visit = { readonly screen: string; readonly seconds: number }

/** Each screen was sent, so many seconds after the one before it. */
const sessionOf = (visits: readonly Visit[], token = 'one'): Session => {
  let at = START
  const events = visits.map(({ screen: next, seconds }, index) => {
    at += seconds * 1_000
    const of = { token, at, next, processingMs: 0, upstreamMs: 0, fingerprint: String(index) }
    return index === 0
      ? eventOf({ ...of, action: 'init', screen: '' })
      : eventOf({ ...of, screen: String(visits[index - 1]?.screen) })
  })
  return sessionsOf(events, rules)[0] as Session
}

const visit = fc.record({ screen: fc.constantFrom(...SCREENS), seconds: fc.nat({ max: 100 }) })
/** To and fro between two screens, so that what comes later is beyond sixty visits. */
const bounces = fc.tuple(fc.subarray(SCREENS, { minLength: 2, maxLength: 2 }), fc.nat({ max: 80 }))
const walk = fc
  .tuple(fc.array(visit, { minLength: 1, maxLength: 5 }), bounces, fc.array(visit, { maxLength: 8 }))
  .map(([first, [pair, times], last]) => [
    ...first,
    ...Array.from({ length: times }, (_, index): Visit => ({ screen: String(pair[index % 2]), seconds: 1 })),
    ...last,
  ])
const queries = fc.record(
  {
    steps: fc.array(fc.subarray(SCREENS, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
    isStrict: fc.boolean(),
    exclude: fc.subarray(SCREENS, { maxLength: 2 }),
  },
  { requiredKeys: ['steps'] },
)

test('of any sessions, each step with a window is reached by no more than without', () => {
  fc.assert(
    fc.property(
      fc.array(walk, { minLength: 1, maxLength: 6 }),
      queries,
      fc.nat({ max: 200_000 }),
      (walks, query, windowMs) => {
        const sessions = walks.map((visits, index) => sessionOf(visits, String(index)))
        const reached = (asked: FunnelQuery) =>
          funnelOf(
            sessions.map((session) => timedPathOf(session, 'lost')),
            asked,
          ).steps.map((step) => step.reached)
        const without = reached(query)
        for (const [step, count] of reached({ ...query, windowMs }).entries())
          expect(count).toBeLessThanOrEqual(without[step] as number)
        expect(reached({ ...query, windowMs: 86_400_000 })).toEqual(without)
      },
    ),
  )
})

test('rollups, scans and the line of the session count the same visits of a long path', () => {
  fc.assert(
    fc.property(walk, (visits) => {
      const session = sessionOf(visits)
      const timed = timedPathOf(session, 'lost')
      const { paths } = sessionStatistics(aggregateSessions([session]), Number.MAX_SAFE_INTEGER)
      expect(paths.map(({ screens }) => screens)).toEqual([timed.screens])
      const { steps } = funnelOf([timed], { steps: rules.funnel })
      expect(session.furthest).toBe(steps.findLastIndex(({ reached }) => reached === 1))
    }),
  )
})

test('after eighty visits to and fro, CONTACT, Back and DATE count with a window and without', () => {
  const screens = [
    'SERVICE',
    ...Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? 'DATE' : 'HELP')),
    ...['SUMMARY', 'CONTACT', 'SUMMARY', 'DATE'],
  ]
  const path = timedPathOf(sessionOf(screens.map((screen) => ({ screen, seconds: 20 }))), 'lost')
  const reached = (windowMs?: number) =>
    funnelOf([path], { steps: [['CONTACT'], ['DATE']], windowMs }).steps.map((step) => step.reached)
  expect([reached(), reached(3_600_000), reached(10_000)]).toEqual([
    [1, 1],
    [1, 1],
    [1, 0],
  ])
})
