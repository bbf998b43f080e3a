import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { NOW, pageSessions } from '../../test/numbers-page.ts'
import { aggregateSessions, mergeSessionAggregates, TIME_BUCKET_MS, timeBucketOf } from './session-aggregate.ts'
import { condenseOutcomes, sessionStatistics } from './session-statistics.ts'

const sessions = pageSessions(2)
const first = Math.min(...sessions.map(({ lastAt }) => lastAt))
const DAYS = 3 * 86_400_000

test('condensed statistics of parts tell what the whole tells, whenever it is asked', () => {
  const instant = fc.oneof(
    fc.integer({ min: first - TIME_BUCKET_MS, max: NOW + DAYS }),
    fc.constantFrom(...sessions.map(({ lastAt }) => lastAt)),
  )
  const parts = fc.array(fc.nat({ max: 3 }), { minLength: sessions.length, maxLength: sessions.length })
  fc.assert(
    fc.property(instant, parts, (lostSince, parts) => {
      const unsure = aggregateSessions(
        sessions.filter(
          ({ completedAt, lastAt }) =>
            completedAt === undefined && lastAt <= lostSince && timeBucketOf(lastAt) === timeBucketOf(lostSince),
        ),
      )
      const parted = [...Map.groupBy(sessions, (session) => parts[sessions.indexOf(session)]).values()]
      const shortened = parted.map((some) => condenseOutcomes(aggregateSessions(some), lostSince))
      expect(sessionStatistics(mergeSessionAggregates(shortened), lostSince, unsure)).toEqual(
        sessionStatistics(aggregateSessions(sessions), lostSince, unsure),
      )
      for (const { groups } of shortened)
        for (const paths of Object.values(groups))
          for (const { uncompleted } of Object.values(paths)) expect(uncompleted.length).toBeLessThan(7)
    }),
  )
})
