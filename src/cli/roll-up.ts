// Brings rollups up to date beside a server that may be running.

import { setTimeout } from 'node:timers/promises'
import type { Stopwatch } from '../lib/clock.ts'
import type { Rollups } from '../rollup/rollups.ts'

type RollUp = {
  readonly refresh: Rollups['refresh']
  afterTurn(): Promise<void>
  readonly stopwatch: Stopwatch
  /** Ends it, after the turn under way. */
  readonly stop: AbortSignal
}

/**
 * Until none is behind. Half of the time it rests: in a SQLite file only one can write at a time, and a turn does so from its
 * beginning to its end.
 */
export async function rollUp({ refresh, afterTurn, stopwatch, stop }: RollUp): Promise<void> {
  while (!stop.aborted) {
    const started = stopwatch()
    const { isStale } = await refresh()
    const tookMs = stopwatch() - started
    await afterTurn()
    if (!isStale) return
    // Rejects when it is told to stop.
    await setTimeout(tookMs, undefined, { signal: stop }).catch(() => {})
  }
}
