// Keeps the rollups up to date, with a small part of one core.

import type { Log } from '../lib/log.ts'
import { sleep } from '../lib/sleep.ts'
import type { Rollups } from '../rollup/rollups.ts'

export type RollupsDeps = {
  readonly refresh: Rollups['refresh']
  /** Milliseconds before the first turn, so that the start comes first. */
  readonly firstAfterMs?: number
  /** Milliseconds. */
  readonly stopwatch: () => number
  readonly log: Log
}

/** The pause when no rollup is stale, milliseconds. */
const IDLE_MS = 5_000
/**
 * Rest per unit of work, up to a limit: a tenth of a core while turns take about a second or less. Longer turns take a larger
 * share, but they mostly wait for the store.
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
      // Only the numbers fall behind. The drain logs when the store is away.
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
