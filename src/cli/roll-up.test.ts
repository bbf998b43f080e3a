import { expect, test } from 'bun:test'
import { rollUp } from './roll-up.ts'

/** A store that is behind for so many turns, each of which takes so long by this stopwatch. */
function storeBehind(turns: number, tookMs: number) {
  let now = 0
  let made = 0
  return {
    made: () => made,
    stopwatch: () => now,
    async refresh() {
      now += tookMs
      made++
      return { isStale: made < turns }
    },
  }
}

test('goes on until nothing is behind, and rests as long as it works', async () => {
  const store = storeBehind(4, 30)
  const began = performance.now()
  await rollUp({ ...store, afterTurn: async () => {}, stop: new AbortController().signal })
  expect(store.made()).toBe(4)
  // Timers count whole milliseconds.
  expect(performance.now() - began).toBeGreaterThan(3 * 28)
})

test('ends when it is told to, also while it rests', async () => {
  const store = storeBehind(4, 600_000)
  const stop = new AbortController()
  const afterTurn = async () => void setImmediate(() => stop.abort())
  await rollUp({ ...store, afterTurn, stop: stop.signal })
  expect(store.made()).toBe(1)
})
