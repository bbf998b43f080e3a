// Brings rollups up to date beside a server that may be running.

import type { Stopwatch } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'
import type { Rollups } from '../rollup/rollups.ts'

type RollUp = {
  readonly refresh: Rollups['refresh']
  afterTurn(): Promise<void>
  readonly stopwatch: Stopwatch
  /** Ends it, after the turn under way. */
  readonly stop: AbortSignal
}

/** Runs until no rollup is stale. It pauses as long as it works: a SQLite file has one writer, and a turn writes throughout. */
export async function rollUp({ refresh, afterTurn, stopwatch, stop }: RollUp): Promise<void> {
  while (!stop.aborted) {
    const started = stopwatch()
    const { isStale } = await refresh()
    const tookMs = stopwatch() - started
    await afterTurn()
    if (!isStale) return
    await sleep(tookMs, stop)
  }
}
