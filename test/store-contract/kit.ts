import fc from 'fast-check'
import type { AuditHead, AuditLink } from '../../src/store/store.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import type { StoreWithRollups } from '../with-rollups.ts'

/** `run`: of a property, from 0 on, or 1. A store that can be had in two ways may be one in the first run, and else the other. */
export type OpenStore = (run: number) => Promise<{
  /** An empty store. */
  readonly store: StoreWithRollups
  /** Closes it, and opens it again on the same data. */
  reopen(): Promise<StoreWithRollups>
  /** Takes these events out from under the store, which has no call for it, as retention will. */
  removeEvents: RemoveEvents
  readonly audits: RawAudits
  /** Closes whatever is open and removes the data. */
  dispose(): Promise<void>
}>

type RemoveEvents = (events: readonly TrailEvent[]) => Promise<void>

/** The audit log, behind the back of the store. */
export type RawAudits = {
  read(): Promise<{ readonly links: readonly AuditLink[]; readonly head: AuditHead | undefined }>
  /** Puts these in place of what is there. */
  write(links: readonly AuditLink[], head: AuditHead | undefined): Promise<void>
}

/** What each part of the suite is given: every test has a store of its own. */
export type Kit = {
  readonly name: string
  withStore(
    work: (
      store: StoreWithRollups,
      reopen: () => Promise<StoreWithRollups>,
      removeEvents: RemoveEvents,
      audits: RawAudits,
    ) => Promise<void>,
  ): () => Promise<void>
  forAll<T>(
    arbitrary: fc.Arbitrary<T>,
    work: (store: StoreWithRollups, value: T, removeEvents: RemoveEvents) => Promise<void>,
    runs?: number,
  ): () => Promise<void>
}

export function createKit(name: string, open: OpenStore): Kit {
  const inRun = async (run: number, work: Parameters<Kit['withStore']>[0]) => {
    const { store, reopen, removeEvents, audits, dispose } = await open(run)
    try {
      await work(store, reopen, removeEvents, audits)
    } finally {
      await dispose()
    }
  }
  return {
    name,
    withStore: (work) => () => inRun(1, work),
    forAll(arbitrary, work, runs = name === 'mongo' ? MONGO_RUNS : RUNS) {
      let run = 0
      const property = fc.asyncProperty(arbitrary, (value) =>
        inRun(run++, (store, _, removeEvents) => work(store, value, removeEvents)),
      )
      return () => fc.assert(property, { numRuns: runs })
    },
  }
}

/** Fewer than usual: each run makes a store, and asks it many questions. */
const RUNS = 16
/** A server that all tests share takes several times as long. */
const MONGO_RUNS = 6
