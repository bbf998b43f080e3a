import fc from 'fast-check'
import type { TrailEvent } from '../../trail/event.ts'
import type { Store } from '../store.ts'

export type OpenStore = () => Promise<{
  /** An empty store. */
  readonly store: Store
  /** Closes it, and opens it again on the same data. */
  reopen(): Promise<Store>
  /** Takes these events out from under the store, which has no call for it, as retention will. */
  removeEvents: RemoveEvents
  /** Closes whatever is open and removes the data. */
  dispose(): Promise<void>
}>

type RemoveEvents = (events: readonly TrailEvent[]) => Promise<void>

/** What each part of the suite is given: every test has a store of its own. */
export type Kit = {
  readonly name: string
  withStore(
    work: (store: Store, reopen: () => Promise<Store>, removeEvents: RemoveEvents) => Promise<void>,
  ): () => Promise<void>
  forAll<T>(
    arbitrary: fc.Arbitrary<T>,
    work: (store: Store, value: T, removeEvents: RemoveEvents) => Promise<void>,
    runs?: number,
  ): () => Promise<void>
}

export function createKit(name: string, open: OpenStore): Kit {
  const withStore: Kit['withStore'] = (work) => async () => {
    const { store, reopen, removeEvents, dispose } = await open()
    try {
      await work(store, reopen, removeEvents)
    } finally {
      await dispose()
    }
  }
  return {
    name,
    withStore,
    forAll(arbitrary, work, runs = RUNS) {
      const property = fc.asyncProperty(arbitrary, (value) =>
        withStore((store, _, removeEvents) => work(store, value, removeEvents))(),
      )
      return () => fc.assert(property, { numRuns: runs })
    },
  }
}

/** Fewer than usual: each run makes a store, and asks it many questions. */
const RUNS = 16
