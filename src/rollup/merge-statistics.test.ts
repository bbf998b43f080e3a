import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { LOST_AFTER_MS, NOW, pageSessions } from '../../test/numbers-page.ts'
import { latencyOf } from '../insight/latency.ts'
import type { Session } from '../trail/session.ts'
import { mergeStatistics } from './merge-statistics.ts'
import { aggregateSessions } from './session-aggregate.ts'
import { sessionStatistics } from './session-statistics.ts'

const sessions = pageSessions(2)
const asked = (some: readonly Session[]) => sessionStatistics(aggregateSessions(some), NOW - LOST_AFTER_MS)

test('what is asked of parts adds up to what is asked of the whole, however it is parted', () => {
  const parts = fc.array(fc.nat({ max: 3 }), { minLength: sessions.length, maxLength: sessions.length })
  fc.assert(
    fc.property(parts, (parts) => {
      const parted = [...Map.groupBy(sessions, (session) => parts[sessions.indexOf(session)]).values()]
      expect(mergeStatistics(parted.map(asked))).toEqual(asked(sessions))
    }),
    { numRuns: 50 },
  )
})

test('of no parts nothing is known', () => expect(mergeStatistics([])).toEqual(asked([])))

test('drop-off by loading time leaves out who was taken to the screen by the phone, and open ones count for no share', () => {
  const byScreen = new Map(latencyOf(asked(pageSessions())).map((row) => [row.screen, row]))
  expect(byScreen.get('DATE')?.dropOffByLoad).toMatchObject([
    { bucket: '<0.5s', sessions: 17, open: 1, dropOff: { count: 6, of: 16 } },
  ])
  expect(byScreen.get('HELP')).toMatchObject({ loadMs: { n: 0 }, dropOffByLoad: [] })
})
