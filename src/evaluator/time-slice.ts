import type { Stopwatch } from '../lib/clock.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'

/** After so much work without a pause, milliseconds, whoever else waits for this thread has a turn. */
const STRETCH_MS = 5

/**
 * Work of this thread, one piece after the other, since nothing else of this thread runs until a piece is done: side by side,
 * each would take as long as all of them. The work never rejects.
 */
export function createTimeSlice(stopwatch: Stopwatch): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let stretch = 0

  const doPiece = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (stretch > STRETCH_MS) {
      await yieldToEventLoop()
      stretch = 0
    }
    const started = stopwatch()
    const result = await work()
    stretch += stopwatch() - started
    return result
  }
  return (work) => {
    const piece = last.then(() => doPiece(work))
    last = piece
    return piece
  }
}
