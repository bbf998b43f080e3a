import type { Stopwatch } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'
import type { Rollups } from '../rollup/rollups.ts'

type RollUp = {
  readonly refresh: Rollups['refresh']
  afterTurn(): Promise<void>
  readonly stopwatch: Stopwatch
  /** Ends it after the present turn. */
  readonly stop: AbortSignal
}

/** Refreshes rollups until none is stale, and rests half of the time: a turn keeps a running server from writing to SQLite. */
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
