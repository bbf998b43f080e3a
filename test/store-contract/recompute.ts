// Two stores over the same data. One remembers a busy hour; behind its back items are removed, and the other has everything recomputed.

import { expect } from 'bun:test'
import type { TrailEvent } from '../../src/trail/event.ts'
import { eventOf } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { ALL_EVENTS, expectedAggregates } from './event-rollups.ts'
import { expectedSessions, RULES } from './expected.ts'
import { ALL, expectedStatistics, HOURS, refreshAll } from './session-rollups.ts'

/** An hour with so many events is large. */
const MANY = 2_600
export const crowdedHour = (): TrailEvent[] =>
  Array.from({ length: MANY }, (_, index) => eventOf({ token: `person ${index}`, at: HOURS + index * 1_000 }))

/** `removeSince`: all events and sessions since an instant, past the stores. */
export async function expectRecomputed(
  [one, two]: readonly [StoreWithRollups, StoreWithRollups],
  removeSince: (at: number) => Promise<void>,
): Promise<void> {
  const expectAllOf = async (events: readonly TrailEvent[]) => {
    expect(await two.sessionStatistics(ALL)).toEqual(expectedStatistics(expectedSessions(events), ALL))
    expect(await two.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates(events, ALL_EVENTS))
  }
  const events = crowdedHour()
  const left = events.slice(0, MANY - 500)
  await one.record(events, RULES)
  await refreshAll(one)
  await removeSince(HOURS + left.length * 1_000)
  await two.recomputeAll()
  await refreshAll(one)
  await expectAllOf(left)
  // And what the cache holds from then on is right.
  const later = eventOf({ token: 'later', at: HOURS })
  await one.record([later], RULES)
  await refreshAll(one)
  await expectAllOf([...left, later])
}
