import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { NOW, pageSessions } from '../../test/numbers-page.ts'
import { ask, condensed } from './asked.ts'
import { mergeTallies, SPAN_MS, spanOf, tallyOf } from './tally.ts'

const sessions = pageSessions(2)
const first = Math.min(...sessions.map(({ lastAt }) => lastAt))
const DAYS = 3 * 86_400_000

test('condensed tallies of parts tell what the whole tells, whenever it is asked', () => {
  const instant = fc.oneof(
    fc.integer({ min: first - SPAN_MS, max: NOW + DAYS }),
    fc.constantFrom(...sessions.map(({ lastAt }) => lastAt)),
  )
  const parts = fc.array(fc.nat({ max: 3 }), { minLength: sessions.length, maxLength: sessions.length })
  fc.assert(
    fc.property(instant, parts, (lostSince, parts) => {
      const unsure = tallyOf(
        sessions.filter(
          ({ completedAt, lastAt }) =>
            completedAt === undefined && lastAt <= lostSince && spanOf(lastAt) === spanOf(lostSince),
        ),
      )
      const parted = [...Map.groupBy(sessions, (session) => parts[sessions.indexOf(session)]).values()]
      const shortened = parted.map((some) => condensed(tallyOf(some), lostSince))
      expect(ask(mergeTallies(shortened), lostSince, unsure)).toEqual(ask(tallyOf(sessions), lostSince, unsure))
      for (const { groups } of shortened)
        for (const ways of Object.values(groups))
          for (const { left } of Object.values(ways)) expect(left.length).toBeLessThan(7)
    }),
  )
})
