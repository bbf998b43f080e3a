// What must hold for any sessions at all.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, START } from '../../test/arbitrary-events.ts'
import { aggregateSessions, mergeSessionAggregates, timeBucketOf } from '../rollup/session-aggregate.ts'
import { type SessionStatistics, sessionStatistics } from '../rollup/session-statistics.ts'
import { total } from '../stats/counts.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import { endingOf, type Session } from '../trail/session.ts'
import { frictionOf } from './friction.ts'
import { type FunnelQuery, funnelOf, timedPathOf } from './funnel.ts'
import { pathsOf } from './paths.ts'

const HOUR = 3_600_000
const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO']
const rules = {
  gapMs: HOUR,
  repeatWindowMs: 15_000,
  funnel: SCREENS.map((screen) => [screen]),
  choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['note'] },
}

const sessions: fc.Arbitrary<Session[]> = fc
  .array(arbitraryEvents, { maxLength: 6 })
  .map((histories) =>
    histories.flatMap((events) =>
      [...Map.groupBy(events, ({ flow, token }) => `${flow} ${token}`).values()].flatMap((trail) =>
        sessionsOf(trail, rules),
      ),
    ),
  )

const now = fc.nat({ max: 8 * HOUR }).map((ms) => START + ms)

const asOf = (some: readonly Session[], at: number): SessionStatistics => {
  const lostSince = at - HOUR
  const edge = some.filter(
    ({ completedAt, lastAt }) =>
      completedAt === undefined && lastAt <= lostSince && timeBucketOf(lastAt) === timeBucketOf(lostSince),
  )
  return sessionStatistics(aggregateSessions(some), lostSince, aggregateSessions(edge))
}

const screens = fc.array(fc.subarray(SCREENS, { minLength: 1 }), { minLength: 1, maxLength: 4 })
const queries: fc.Arbitrary<FunnelQuery> = fc.record(
  {
    steps: screens,
    isStrict: fc.boolean(),
    exclude: fc.subarray(SCREENS),
    windowMs: fc.nat({ max: 2 * HOUR }),
  },
  { requiredKeys: ['steps'] },
)

test('the statistics of parts are the tally of the whole, in any order', () => {
  fc.assert(
    fc.property(sessions, fc.array(fc.nat({ max: 3 })), (some, parts) => {
      const split = Map.groupBy(some, (session) => parts[some.indexOf(session) % Math.max(1, parts.length)] ?? 0)
      const statistics = [...split.values()].map(aggregateSessions)
      expect(mergeSessionAggregates(statistics)).toEqual(aggregateSessions(some))
      expect(JSON.stringify(mergeSessionAggregates(statistics.reverse()))).toBe(
        JSON.stringify(aggregateSessions(some.toReversed())),
      )
    }),
  )
})

test('a tally goes through JSON', () => {
  fc.assert(
    fc.property(sessions, (some) => {
      expect(JSON.parse(JSON.stringify(aggregateSessions(some)))).toEqual(aggregateSessions(some))
    }),
  )
})

test('whenever one asks, a tally knows exactly who is open and who is lost', () => {
  fc.assert(
    fc.property(sessions, now, (some, at) => {
      const endings = some.map((session) => endingOf(session, at, HOUR))
      const { paths } = asOf(some, at)
      for (const ending of ['completed', 'open', 'lost'] as const)
        expect(total(paths.map((path) => path[ending]))).toBe(endings.filter((each) => each === ending).length)
      expect(
        total(
          Object.values(asOf(some, at).factors).flatMap((factors) => Object.values(factors).map(({ lost }) => lost)),
        ),
      ).toBe(
        total(
          some.map((session) => {
            if (endingOf(session, at, HOUR) !== 'lost') return 0
            const visits = session.steps.filter(({ screen }) => screen === session.exit)
            const rules = new Set(visits.flatMap(({ rejects }) => rejects.map(({ field, rule }) => `${field}/${rule}`)))
            return rules.size + Number(visits.some(({ loadMs }) => loadMs !== undefined))
          }),
        ),
      )
    }),
  )
})

test('a funnel loses nobody: who reached a step goes on, or is open, lost or completed there', () => {
  fc.assert(
    fc.property(sessions, now, queries, (some, at, query) => {
      const funnel = funnelOf(
        some.map((session) => timedPathOf(session, endingOf(session, at, HOUR))),
        query,
      )
      for (const [index, { reached, open, lost, completed, conversion, dropOff }] of funnel.steps.entries()) {
        const next = funnel.steps[index + 1]?.reached ?? 0
        expect(reached).toBe(next + open + lost + completed)
        expect([dropOff.count, dropOff.of, conversion.of]).toEqual([lost, reached - open, reached - open])
      }
      expect(funnel.started + funnel.excluded).toBeLessThanOrEqual(some.length)
      const { windowMs: _, ...timeless } = query
      expect(funnelOf(asOf(some, at).paths, timeless)).toEqual(
        funnelOf(
          some.map((session) => timedPathOf(session, endingOf(session, at, HOUR))),
          timeless,
        ),
      )
    }),
  )
})

test('the furthest step of a session is the one where the funnel has it', () => {
  fc.assert(
    fc.property(sessions, (some) => {
      for (const session of some) {
        const { steps } = funnelOf([timedPathOf(session, 'lost')], { steps: rules.funnel })
        expect(steps.findLastIndex(({ reached }) => reached === 1)).toBe(session.furthest)
      }
    }),
  )
})

test('what goes into a screen comes out of it or outcomes there, however one looks at it', () => {
  const anchor = fc.option(fc.constantFrom(...SCREENS, 'NOWHERE'), { nil: undefined })
  fc.assert(
    fc.property(sessions, now, anchor, anchor, (some, at, after, before) => {
      const query = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) }
      const { places, links, sessions: count } = pathsOf(asOf(some, at).paths, query)
      for (const { screen, entries, in: into, out, exits } of places) {
        expect(entries + into).toBe(out + exits.wentOn + exits.completed + exits.open + exits.lost)
        if (screen !== before) expect(exits.wentOn).toBe(0)
        expect(total(links.filter(({ from }) => from === screen).map((link) => link.count))).toBe(out)
        expect(total(links.filter(({ to }) => to === screen).map((link) => link.count))).toBe(into)
      }
      expect(total(places.map(({ entries }) => entries))).toBe(count)
    }),
  )
})

test('paths, friction and funnel agree on who reached a screen, who was lost there, and who completed from there', () => {
  const completing = (session: Session) => session.steps.find(({ end }) => end === 'completed')?.screen
  fc.assert(
    fc.property(sessions, now, (some, at) => {
      const asked = asOf(some, at)
      const { places } = pathsOf(asked.paths)
      const friction = frictionOf(asked)
      expect(places.map(({ screen }) => screen).sort()).toEqual(friction.map(({ screen }) => screen).sort())
      for (const { screen, sessions, lost, open, completed, shown, lostShare } of friction) {
        const place = places.find((place) => place.screen === screen)
        expect(place).toMatchObject({ sessions, exits: { lost, open, completed } })
        expect(completed).toBe(some.filter((session) => completing(session) === screen).length)
        expect(shown).toBe(Number(place?.entries) + Number(place?.in) + Number(place?.loops))
        expect(funnelOf(asked.paths, { steps: [[screen]] }).started).toBe(sessions)
        expect(lostShare.of).toBe(sessions - open)
      }
    }),
  )
})
