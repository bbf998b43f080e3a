import type { Stopwatch } from '../lib/clock.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'

/** After this much work without a pause, others get the thread. */
const SLICE_MS = 5

/** Runs pieces of work on this thread one after the other: side by side, each would take as long as all. The work never rejects. */
export function createTimeSlice(stopwatch: Stopwatch): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let workedMs = 0

  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (workedMs > SLICE_MS) {
      await yieldToEventLoop()
      workedMs = 0
    }
    const started = stopwatch()
    const result = await work()
    workedMs += stopwatch() - started
    return result
  }
  return (work) => {
    const piece = last.then(() => run(work))
    last = piece
    return piece
  }
}
