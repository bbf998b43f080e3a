// When to look for days whose rollups are to be made, or made again. It takes a look at all that there are, so not each time.

import { dayOfHour } from './time.ts'

export type DaySchedule = {
  /** The rollup of this hour has changed. */
  changed(hour: number): void
  isWanted(): boolean
  /** Whether to look now, which counts as done. While hours are behind, days wait, but not for ever: some hour may always be. */
  isDue(isBehind: boolean): boolean
  /** What the look has found the newest to be: others may have made hours of it. */
  newestIs(day: number): void
  /** It was not done to the end. */
  again(): void
}

export function createDaySchedule(): DaySchedule {
  let isWanted = true
  let newest = Number.NEGATIVE_INFINITY
  let turns = 0
  return {
    changed(hour) {
      const day = dayOfHour(hour)
      // The newest day changes all the time, and is not made before it is over.
      if (day !== newest) isWanted = true
      newest = Math.max(newest, day)
    },
    isWanted: () => isWanted,
    isDue(isBehind) {
      turns++
      if (!isWanted || (isBehind && turns < DAYS_WAIT)) return false
      turns = 0
      isWanted = false
      return true
    },
    newestIs(day) {
      newest = Math.max(newest, day)
    },
    again() {
      isWanted = true
    },
  }
}

/** Calls of `refresh`. */
const DAYS_WAIT = 50
