import { expect, test } from 'bun:test'
import { createVirtualClock, type VirtualClockOptions } from './virtual-clock.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 2)

const clockOf = (options: Partial<VirtualClockOptions> = {}) => {
  const stop = new AbortController()
  return { ...createVirtualClock({ startsAt: START, signal: stop.signal, ...options }), stop }
}

/** Real work, which takes some turns of the event loop. */
const work = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}

test('all sleepers wake at their times, in their order, however long they work between', async () => {
  const { now, run, sleep } = clockOf()
  const diary: string[] = []
  const live = (name: string, ...naps: number[]) =>
    run(async () => {
      for (const nap of naps) {
        await sleep(nap * HOUR)
        diary.push(`${name} wakes at ${(now() - START) / HOUR}`)
        await work()
        diary.push(`${name} sleeps at ${(now() - START) / HOUR}`)
      }
    })
  await Promise.all([live('ana', 3, 2), live('bruno', 1, 2, 0), live('carla', 24)])
  expect(diary).toEqual(
    ['bruno 1', 'ana 3', 'bruno 3', 'bruno 3', 'ana 5', 'carla 24'].flatMap((entry) => {
      const [name, at] = entry.split(' ')
      return [`${name} wakes at ${at}`, `${name} sleeps at ${at}`]
    }),
  )
})

test('work can start other work, and may fail', async () => {
  const { now, run, sleep } = clockOf()
  const end = run(async () => {
    await sleep(1)
    const other = run(() => sleep(HOUR))
    await expect(run(() => Promise.reject(new Error('it fell ill')))).rejects.toThrow('it fell ill')
    await sleep(2 * HOUR)
    await other
    return now()
  })
  expect(await end).toBe(START + 1 + 2 * HOUR)
})

test('from the present on, the time is real', async () => {
  let real = START + HOUR
  const { now, run, sleep, caughtUp } = clockOf({ real: () => real })
  const woken: number[] = []
  const end = run(async () => {
    await sleep(HOUR)
    woken.push(now())
    await sleep(5)
    woken.push(now())
  })
  await caughtUp
  expect(now()).toBe(START + HOUR)
  real += 7
  await end
  expect(woken).toEqual([START + HOUR, START + HOUR + 7])
  real -= HOUR
  expect(now()).toBe(START + HOUR)
})

test('when the signal aborts, nobody sleeps any more', async () => {
  const { now, run, sleep, stop } = clockOf()
  const atWork = Promise.withResolvers<void>()
  const all = [run(() => atWork.promise), run(() => sleep(HOUR)), run(() => sleep(2 * HOUR))]
  await work()
  stop.abort()
  await all[1]
  await all[2]
  atWork.resolve()
  await Promise.all(all)
  await run(() => sleep(HOUR))
  expect(now()).toBe(START)
})

test('when the signal aborts in the present, neither', async () => {
  const { run, sleep, caughtUp, stop } = clockOf({ real: () => START })
  const end = run(() => sleep(HOUR))
  await caughtUp
  stop.abort()
  await end
})
