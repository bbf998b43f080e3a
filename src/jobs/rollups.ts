// Keeps the rollups close behind the sessions, with a small part of one core.

import type { Log } from '../lib/log.ts'
import { sleep } from '../lib/sleep.ts'
import type { Rollups } from '../rollup/rollups.ts'

export type RollupsDeps = {
  readonly refresh: Rollups['refresh']
  /** Milliseconds, before it looks for the first time: who has just started has other things to do. */
  readonly firstAfterMs?: number
  /** Milliseconds. */
  readonly stopwatch: () => number
  readonly log: Log
}

/** When nothing is behind, looked at again after this, milliseconds. */
const IDLE_MS = 5_000
/**
 * For each millisecond of work it rests for so many, but no longer than the numbers may lag behind: a tenth of a core at the most,
 * as long as turns take about a second or less. Where the store makes them longer the share grows (one of 25 s has five sevenths of
 * the time), but such a turn waits for the store rather than works.
 */
const REST = 9
const LONGEST_REST_MS = 10_000
const RETRY_MS = 30_000

/** Runs until it is stopped; resolves when the work under way has ended. Idempotent. */
export function keepRollups({ refresh, firstAfterMs = IDLE_MS, stopwatch, log }: RollupsDeps): {
  stop(): Promise<void>
} {
  const stop = new AbortController()
  let isFailing = false

  const turn = async (): Promise<number> => {
    const started = stopwatch()
    try {
      const { isStale } = await refresh()
      if (isFailing) log.info('the rollups are kept again')
      isFailing = false
      return isStale ? Math.min(REST * (stopwatch() - started), LONGEST_REST_MS) : IDLE_MS
    } catch (error) {
      // The numbers wait; everything else goes on. The drain says by itself when the store is away.
      if (!isFailing && !stop.signal.aborted)
        log.warn({ err: error }, 'the rollups could not be kept; the numbers fall behind')
      isFailing = true
      return RETRY_MS
    }
  }

  const loop = async () => {
    if (firstAfterMs > 0) await sleep(firstAfterMs, stop.signal)
    while (!stop.signal.aborted) await sleep(await turn(), stop.signal)
  }
  const running = loop()
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}
