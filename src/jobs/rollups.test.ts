import { expect, test } from 'bun:test'
import { createLog } from '../lib/log.ts'
import { keepRollups } from './rollups.ts'

const log = createLog('silent')

test('works as long as something is behind, then rests until it is stopped', async () => {
  let behind = 3
  const rested = Promise.withResolvers<void>()
  const refresh = async () => {
    if (--behind === 0) rested.resolve()
    return { isBehind: behind > 0 }
  }
  const keeper = keepRollups({ refresh, firstAfterMs: 0, stopwatch: () => 0, log })
  await rested.promise
  await keeper.stop()
  await keeper.stop()
  expect(behind).toBe(0)
})

test('a store that is away is no reason to end', async () => {
  let calls = 0
  const refresh = async (): Promise<{ isBehind: boolean }> => {
    calls++
    throw new Error('store: cannot reach MongoDB')
  }
  const keeper = keepRollups({ refresh, firstAfterMs: 0, stopwatch: () => 0, log })
  await keeper.stop()
  expect(calls).toBe(1)
})
