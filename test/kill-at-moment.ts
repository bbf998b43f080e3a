// A command that is started again and again until a kill hits it at a moment of its work that can be seen from outside.

import type { Started } from './process.ts'

/**
 * Kills a run of the command as soon as `isThere` holds. Resolves when it still held of what the dead process has left; a run that was
 * past the moment by then, or ended first, is followed by another one. Rejects when none of `runs` was hit. `prepare`: before each run.
 */
export async function killAtMoment(
  moment: string,
  {
    begin,
    isThere,
    prepare = () => {},
    runs = 50,
  }: { begin: () => Started; isThere: () => boolean; prepare?: () => unknown; runs?: number },
): Promise<void> {
  for (let run = 0; run < runs; run++) {
    await prepare()
    const running = begin()
    let isOver = false
    const ended = running.ended.finally(() => {
      isOver = true
    })
    // Some moments last a millisecond, and to look takes microseconds.
    while (!isOver && !isThere()) await Bun.sleep(1)
    running.signal('SIGKILL')
    if ((await ended) !== 0 && isThere()) return
  }
  throw new Error(`none of ${runs} runs was killed at the moment: ${moment}`)
}
