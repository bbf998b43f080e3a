import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { NOW, pageSessions } from '../../test/numbers-page.ts'
import { endingOf, type Session } from '../trail/session.ts'
import { LIMITS } from './limits.ts'
import { exitsAsOf, exitsOf, mergeExits, truncateExits } from './screen-exits.ts'
import { aggregateSessions, TIME_BUCKET_MS, timeBucketOf } from './session-aggregate.ts'

const sessions = pageSessions(2)
const LOST_AFTER_MS = 24 * 3_600_000

/** Session by session, as the definition says it. */
function counted(some: readonly Session[], now: number) {
  const exits: { [screen: string]: { lost: number; wentOn: number } } = {}
  for (const session of some) {
    const screens = session.steps.map(({ screen }) => screen)
    const ending = endingOf(session, now, LOST_AFTER_MS)
    for (const screen of new Set(screens)) {
      exits[screen] ??= { lost: 0, wentOn: 0 }
      if (screen !== screens.at(-1) || ending === 'completed') exits[screen].wentOn++
      else if (ending === 'lost') exits[screen].lost++
    }
  }
  return exits
}

describe('exits by screen', () => {
  test('condensed parts, in any number, tell what the sessions tell one by one, whenever it is asked', () => {
    const first = Math.min(...sessions.map(({ lastAt }) => lastAt))
    const lostSinces = fc.oneof(
      fc.integer({ min: first - TIME_BUCKET_MS, max: NOW + 3 * LOST_AFTER_MS }),
      fc.constantFrom(...sessions.map(({ lastAt }) => lastAt)),
    )
    const parts = fc.array(fc.nat({ max: 3 }), { minLength: sessions.length, maxLength: sessions.length })
    fc.assert(
      fc.property(lostSinces, parts, (lostSince, parts) => {
        const around = sessions.filter(
          ({ completedAt, lastAt }) =>
            completedAt === undefined && lastAt <= lostSince && timeBucketOf(lastAt) === timeBucketOf(lostSince),
        )
        const of = (some: readonly Session[]) => exitsOf(aggregateSessions(some), lostSince)
        const parted = [...Map.groupBy(sessions, (session) => parts[sessions.indexOf(session)]).values()]
        const exits = exitsAsOf(mergeExits(parted.map(of)), lostSince, of(around))
        expect(exits).toEqual(counted(sessions, lostSince + LOST_AFTER_MS))
      }),
    )
  })

  test('a screen may have any name', () => {
    const exits = exitsOf({ groups: { '': { '["__proto__"]': { completed: 0, uncompleted: [0, 3] } } } }, NOW)
    expect(Object.entries(exitsAsOf(mergeExits([exits, exits]), NOW))).toEqual([['__proto__', { lost: 6, wentOn: 0 }]])
  })

  test('of names without end only the most visited are kept', () => {
    const of = (hour: number) => {
      const made = Array.from({ length: 150 }, (_, index) => [
        JSON.stringify(['START', `${hour} ${index}`]),
        { completed: 0, uncompleted: [0, 1] },
      ])
      return exitsOf({ groups: { '': Object.fromEntries(made) } }, NOW)
    }
    const kept = Object.keys(mergeExits([of(1), of(2), of(3)]))
    expect(kept).toHaveLength(LIMITS.screens.most)
    expect(kept).toContain('START')
    expect(Object.keys(truncateExits(of(1), 1 / 100))).toContain('START')
    expect(Object.keys(truncateExits(of(1), 1 / 100)).length).toBeLessThan(LIMITS.screens.most / 6)
    expect(truncateExits(of(1), 1 / 10)).toEqual(of(1))
  })
})
