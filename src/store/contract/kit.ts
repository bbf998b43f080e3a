import fc from 'fast-check'
import type { Store } from '../store.ts'

export type OpenStore = () => Promise<{
  /** An empty store. */
  readonly store: Store
  /** Closes it, and opens it again on the same data. */
  reopen(): Promise<Store>
  /** Closes whatever is open and removes the data. */
  dispose(): Promise<void>
}>

/** What each part of the suite is given: every test has a store of its own. */
export type Kit = {
  readonly name: string
  withStore(work: (store: Store, reopen: () => Promise<Store>) => Promise<void>): () => Promise<void>
  forAll<T>(arbitrary: fc.Arbitrary<T>, work: (store: Store, value: T) => Promise<void>): () => Promise<void>
}

export function createKit(name: string, open: OpenStore): Kit {
  const withStore: Kit['withStore'] = (work) => async () => {
    const { store, reopen, dispose } = await open()
    try {
      await work(store, reopen)
    } finally {
      await dispose()
    }
  }
  return {
    name,
    withStore,
    forAll(arbitrary, work) {
      const property = fc.asyncProperty(arbitrary, (value) => withStore((store) => work(store, value))())
      return () => fc.assert(property, { numRuns: RUNS })
    },
  }
}

/** Fewer than usual: each run makes a store, and asks it many questions. */
const RUNS = 25
