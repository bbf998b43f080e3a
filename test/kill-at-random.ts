// A command that is started again and again and killed at a random moment of its work.

import type { Started } from './process.ts'

/**
 * Kills `kills` runs of the command, each at a random moment; `afterEach` looks at what a kill, or a run that ended first, has left.
 * Rejects where the command hardly ever lives until its moment. `from`: the share of a whole run that is its start alone, 0 to 1.
 */
export async function killAtRandom(
  kills: number,
  { from, begin, afterEach = () => {} }: { from: number; begin: () => Started; afterEach?: () => unknown },
): Promise<void> {
  // A first run tells how long a whole one takes, and so does each that ends before its moment: the machine may be busier then.
  let wholeMs = await durationOf(begin)
  let killed = 0
  for (let runs = 0; killed < kills; runs++) {
    if (runs > 10 * kills) throw new Error(`only ${killed} of ${runs} runs were killed before they ended`)
    const startedAt = performance.now()
    const running = begin()
    // Not a wait for anything: the moment is what is tried.
    await Promise.race([Bun.sleep(wholeMs * (from + (1 - from) * Math.random())), running.ended])
    running.signal('SIGKILL')
    if ((await running.ended) !== 0) killed++
    else wholeMs = performance.now() - startedAt
    await afterEach()
  }
}

async function durationOf(begin: () => Started): Promise<number> {
  const startedAt = performance.now()
  const running = begin()
  const code = await running.ended
  if (code !== 0) throw new Error(`the command ended with ${code}:\n${running.output()}`)
  return performance.now() - startedAt
}
