// Readiness for a load balancer: events can be journaled, and reach the store.

import type { Clock, Stopwatch } from '../lib/clock.ts'
import { showDuration } from '../lib/units.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import type { Store } from '../store/store.ts'
import type { AppendFailure } from './append-failures.ts'
import { type BacklogJournal, OLD_BACKLOG_MS, PATIENCE_MS, readBacklog } from './backlog.ts'

type ReadinessDeps = {
  readonly journal: BacklogJournal
  readonly store: Pick<Store, 'getDocument'>
  readonly appendFailure: () => AppendFailure | undefined
  readonly clock: Clock
  readonly stopwatch: Stopwatch
}

/** Resolves within seconds, with one sentence per problem. */
export type Readiness = () => Promise<readonly string[]>

export function createReadiness({ journal, store, appendFailure, clock, stopwatch }: ReadinessDeps): Readiness {
  let seen: { readonly oldestAt: number | undefined; readonly since: number } | undefined

  /** By the clock; if it was set back, by how long we have seen the entry wait. */
  const waitingSince = (oldestAt: number | undefined): number | undefined => {
    if (seen?.oldestAt !== oldestAt) seen = { oldestAt, since: stopwatch() }
    return oldestAt === undefined ? undefined : Math.min(oldestAt, clock() - (stopwatch() - (seen?.since ?? 0)))
  }

  return async () => {
    const [backlog, isStoreReachable] = await Promise.all([readBacklog(journal), isReachable(store, clock())])
    return readinessProblems(
      {
        isJournalReadable: backlog !== undefined,
        appendFailure: appendFailure(),
        isStoreReachable,
        oldestWaitingAt: waitingSince(backlog?.oldestAt),
      },
      clock(),
    )
  }
}

export type ReadinessCondition = {
  readonly isJournalReadable: boolean
  /** Of the last event, if it could not be journaled. */
  readonly appendFailure: AppendFailure | undefined
  readonly isStoreReachable: boolean
  readonly oldestWaitingAt: number | undefined
}

/** A store that is briefly away is no problem: the journal bridges that. */
export function readinessProblems(
  { isJournalReadable, appendFailure, isStoreReachable, oldestWaitingAt }: ReadinessCondition,
  now: number,
): readonly string[] {
  const waitingMs = oldestWaitingAt === undefined ? 0 : now - oldestWaitingAt
  return [
    ...(isJournalReadable ? [] : ['The journal does not answer; check the disk that journal.file is on.']),
    ...(appendFailure && Math.abs(now - appendFailure.at) < FAILURE_COUNTS_MS
      ? [`The last event could not be journaled: ${appendFailure.reason}. Free some disk space or check the disk.`]
      : []),
    ...(isStoreReachable || waitingMs < OLD_BACKLOG_MS
      ? []
      : [
          `The store does not answer, and events have waited for it for ${showDuration(waitingMs)}; check store.uri and what it names.`,
        ]),
  ]
}

/** Then the failure no longer counts: without requests nothing can show that writing works again. */
const FAILURE_COUNTS_MS = 60_000

/** Any cheap query will do. */
async function isReachable(store: ReadinessDeps['store'], now: number): Promise<boolean> {
  const asked = store.getDocument('health', 'ready', now).then(() => true)
  return (await answeredWithin(PATIENCE_MS, asked)) ?? false
}
