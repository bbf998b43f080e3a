import type { RollupStorage } from '../rollup/storage.ts'

/** Runs each call, and each step of what is read bit by bit. */
export type Guard = <Result>(work: () => Promise<Result>) => Promise<Result>

/** The same storage, with every call under the guard. */
export const guardRollups = <Item>(storage: RollupStorage<Item>, guard: Guard): RollupStorage<Item> => ({
  items: (...args) => guardSteps(storage.items(...args), guard),
  staleHours: (...args) => guard(() => storage.staleHours(...args)),
  commitHours: (...args) => guard(() => storage.commitHours(...args)),
  read: (...args) => guard(() => storage.read(...args)),
  staleDays: (...args) => guard(() => storage.staleDays(...args)),
  hoursOf: (...args) => guard(() => storage.hoursOf(...args)),
  commitDay: (...args) => guard(() => storage.commitDay(...args)),
  allHours: () => guardSteps(storage.allHours(), guard),
  invalidate: (...args) => guard(() => storage.invalidate(...args)),
})

async function* guardSteps<T>(steps: AsyncIterable<T>, guard: Guard): AsyncGenerator<T> {
  const iterator = steps[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step = await guard(() => iterator.next())
      if (step.done) return
      yield step.value
    }
  } finally {
    await iterator.return?.()
  }
}
