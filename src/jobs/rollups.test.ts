import { expect, jest, test } from 'bun:test'
import { createLog } from '../lib/log.ts'
import { keepRollups } from './rollups.ts'

const log = createLog('silent')

test('works as long as something is behind, then rests until it is stopped', async () => {
  let behind = 3
  const rested = Promise.withResolvers<void>()
  const refresh = async () => {
    if (--behind === 0) rested.resolve()
    return { isStale: behind > 0 }
  }
  const keeper = keepRollups({ refresh, firstAfterMs: 0, stopwatch: () => 0, log })
  await rested.promise
  await keeper.stop()
  await keeper.stop()
  expect(behind).toBe(0)
})

test('a store that is away is no reason to end', async () => {
  let calls = 0
  const refresh = async (): Promise<{ isStale: boolean }> => {
    calls++
    throw new Error('store: cannot reach MongoDB')
  }
  const keeper = keepRollups({ refresh, firstAfterMs: 0, stopwatch: () => 0, log })
  await keeper.stop()
  expect(calls).toBe(1)
})

test.each([
  [100, 900],
  [25_000, 10_000],
])('after a turn of %i ms with more to do it rests for %i ms', async (tookMs, restMs) => {
  jest.useFakeTimers()
  try {
    let now = 0
    let turn = Promise.withResolvers<void>()
    let turns = 0
    const refresh = async () => {
      now += tookMs
      turns++
      turn.resolve()
      return { isStale: true }
    }
    const keeper = keepRollups({ refresh, firstAfterMs: 0, stopwatch: () => now, log })
    await turn.promise
    turn = Promise.withResolvers<void>()
    // It begins to rest as soon as it is told how the turn ended.
    while (jest.getTimerCount() === 0) await Promise.resolve()
    jest.advanceTimersByTime(restMs - 1)
    expect(turns).toBe(1)
    jest.advanceTimersByTime(1)
    await turn.promise
    expect(turns).toBe(2)
    await keeper.stop()
  } finally {
    jest.useRealTimers()
  }
})
