import { expect, test } from 'bun:test'
import { rollUp } from './roll-up.ts'

/** So many turns, each of which takes so long by this stopwatch. */
function workOf(turns: number, tookMs: number) {
  let now = 0
  let made = 0
  return {
    made: () => made,
    stopwatch: () => now,
    turns: (async function* () {
      while (made < turns) {
        now += tookMs
        made++
        yield
      }
    })(),
  }
}

test('goes on until no turn is left, and rests as long as it works', async () => {
  const work = workOf(4, 30)
  const began = performance.now()
  await rollUp({ ...work, afterTurn: async () => {}, stop: new AbortController().signal })
  expect(work.made()).toBe(4)
  // Timers count whole milliseconds.
  expect(performance.now() - began).toBeGreaterThan(3 * 28)
})

test('ends when it is told to, also while it rests', async () => {
  const work = workOf(4, 600_000)
  const stop = new AbortController()
  const afterTurn = async () => void setImmediate(() => stop.abort())
  await rollUp({ ...work, afterTurn, stop: stop.signal })
  expect(work.made()).toBe(1)
})
