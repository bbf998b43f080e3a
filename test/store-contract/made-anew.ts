// Two stores over the same data. One remembers a busy hour; behind its back items are removed, and the other has all made anew.

import { expect } from 'bun:test'
import type { TrailEvent } from '../../src/trail/event.ts'
import { eventOf } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { expectedSessions, RULES } from './expected.ts'
import { ALL, expectedTallies, HOURS, refreshAll } from './rolling.ts'
import { ALL_TRAFFIC, expectedTraffic } from './traffic.ts'

/** So many that an hour with them is large: somebody new every second or so. */
const MANY = 2_600
export const crowdedHour = (): TrailEvent[] =>
  Array.from({ length: MANY }, (_, index) => eventOf({ token: `person ${index}`, at: HOURS + index * 1_000 }))

/** `removeSince`: all events and sessions since an instant, past the stores. */
export async function expectMadeAnew(
  [one, two]: readonly [StoreWithRollups, StoreWithRollups],
  removeSince: (at: number) => Promise<void>,
): Promise<void> {
  const expectAllOf = async (events: readonly TrailEvent[]) => {
    expect(await two.sessionStatistics(ALL)).toEqual(expectedTallies(expectedSessions(events), ALL))
    expect(await two.eventAggregates(ALL_TRAFFIC)).toEqual(expectedTraffic(events, ALL_TRAFFIC))
  }
  const events = crowdedHour()
  const left = events.slice(0, MANY - 500)
  await one.record(events, RULES)
  await refreshAll(one)
  await removeSince(HOURS + left.length * 1_000)
  await two.recomputeAll()
  await refreshAll(one)
  await expectAllOf(left)
  // And what is remembered from then on is right.
  const later = eventOf({ token: 'later', at: HOURS })
  await one.record([later], RULES)
  await refreshAll(one)
  await expectAllOf([...left, later])
}
