import type { RollupStorage } from '../rollup/storage.ts'

/** Runs each call, and each step of what is read step by step. */
export type Guard = <Result>(work: () => Promise<Result>) => Promise<Result>

type Calls<Names extends PropertyKey> = { readonly [name in Names]: (...args: never[]) => Promise<unknown> }

/** The same calls under the guard. */
export const guardCalls = <All extends Calls<keyof All>>(calls: All, guard: Guard): All =>
  Object.fromEntries(
    Object.entries<Calls<string>[string]>(calls).map(([name, call]) => [
      name,
      (...args: never[]) => guard(() => call(...args)),
    ]),
  ) as All

export const guardRollups = <Item>(
  { items, allHours, ...calls }: RollupStorage<Item>,
  guard: Guard,
): RollupStorage<Item> => ({
  ...guardCalls(calls, guard),
  items: (...args) => guardSteps(items(...args), guard),
  allHours: () => guardSteps(allHours(), guard),
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
