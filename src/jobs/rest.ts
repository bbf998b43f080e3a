import type { Stopwatch } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'

/**
 * Rest per unit of work while more is left, up to a limit: a tenth of a core while runs take about a second or less. Longer runs
 * take a larger share, but they mostly wait for the store.
 */
const REST = 9
const LONGEST_REST_MS = 10_000

/** Milliseconds of rest after so many of work. */
export const restAfter = (tookMs: number): number => Math.min(REST * tookMs, LONGEST_REST_MS)

export type Pacing = {
  readonly stopwatch: Stopwatch
  /** Passed in where a test does not wait. */
  readonly wait?: typeof sleep
}

/** For a job that works batch by batch. */
export function createRest({ stopwatch, wait = sleep }: Pacing, signal: AbortSignal) {
  let started = stopwatch()
  return {
    /** After a batch. Rejects with the reason of the signal when that aborts. */
    async rest(): Promise<void> {
      signal.throwIfAborted()
      await wait(restAfter(stopwatch() - started), signal)
      signal.throwIfAborted()
      started = stopwatch()
    },
    /** What was done up to now is no work to rest from. */
    restart(): void {
      started = stopwatch()
    },
  }
}
