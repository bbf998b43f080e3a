import type { Stopwatch } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'

type RollUp = {
  /** Works as it is gone through. */
  readonly turns: AsyncIterable<unknown>
  afterTurn(): Promise<void>
  readonly stopwatch: Stopwatch
  /** Ends it after the present turn. */
  readonly stop: AbortSignal
}

/** Goes through the turns, and rests half of the time: a turn keeps a running server from writing to SQLite. */
export async function rollUp({ turns, afterTurn, stopwatch, stop }: RollUp): Promise<void> {
  let started = stopwatch()
  for await (const _ of turns) {
    const tookMs = stopwatch() - started
    await afterTurn()
    if (stop.aborted) return
    await sleep(tookMs, stop)
    if (stop.aborted) return
    started = stopwatch()
  }
}
