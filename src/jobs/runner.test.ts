import { expect, jest, test } from 'bun:test'
import { createLog } from '../lib/log.ts'
import { type Job, startJobs } from './runner.ts'

const log = createLog('silent')
const start = (job: Omit<Job, 'name' | 'everyMs'> & Partial<Job>, stopwatch = () => 0) =>
  startJobs([{ name: 'a test', everyMs: 0, ...job }], { stopwatch, log })

test('a job runs as long as more is left, then pauses until it is stopped', async () => {
  let left = 3
  const done = Promise.withResolvers<void>()
  const jobs = start({
    async run() {
      if (--left === 0) done.resolve()
      return { isDone: left <= 0 }
    },
  })
  await done.promise
  await jobs.stop()
  await jobs.stop()
  expect(left).toBeLessThanOrEqual(0)
})

test('a job that fails is no reason to end, and holds up no other', async () => {
  const failed = Promise.withResolvers<void>()
  const worked = Promise.withResolvers<void>()
  const jobs = startJobs(
    [
      {
        name: 'fails',
        everyMs: 0,
        async run() {
          failed.resolve()
          throw new Error('store: cannot reach MongoDB')
        },
      },
      {
        name: 'works',
        everyMs: 0,
        run: async () => {
          worked.resolve()
          return { isDone: true }
        },
      },
    ],
    { stopwatch: () => 0, log },
  )
  await Promise.all([failed.promise, worked.promise])
  await jobs.stop()
})

test.each([
  [100, 900],
  [25_000, 10_000],
])('after a run of %i ms with more to do it rests for %i ms', async (tookMs, restMs) => {
  jest.useFakeTimers()
  try {
    let now = 0
    let run = Promise.withResolvers<void>()
    let runs = 0
    const jobs = start(
      {
        async run() {
          now += tookMs
          runs++
          run.resolve()
          return { isDone: false }
        },
      },
      () => now,
    )
    while (jest.getTimerCount() === 0) await Promise.resolve()
    jest.advanceTimersByTime(1)
    await run.promise
    run = Promise.withResolvers<void>()
    while (jest.getTimerCount() === 0) await Promise.resolve()
    jest.advanceTimersByTime(restMs - 1)
    expect(runs).toBe(1)
    jest.advanceTimersByTime(1)
    await run.promise
    expect(runs).toBe(2)
    await jobs.stop()
  } finally {
    jest.useRealTimers()
  }
})
