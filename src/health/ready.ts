// Whether a load balancer should send us people: what they do can be written down, and finds its way to the store.

import type { Clock, Stopwatch } from '../lib/clock.ts'
import { showDuration } from '../lib/units.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import type { Store } from '../store/store.ts'
import type { AppendFailure } from './append-failures.ts'
import { type BacklogJournal, OLD_BACKLOG_MS, PATIENCE_MS, readBacklog } from './backlog.ts'

export type ReadinessDeps = {
  readonly journal: BacklogJournal
  readonly store: Pick<Store, 'getDocument'>
  readonly appendFailure: () => AppendFailure | undefined
  readonly clock: Clock
  readonly stopwatch: Stopwatch
}

/** Resolves with one sentence per problem, none when ready, within some seconds whatever is broken. */
export type Readiness = () => Promise<readonly string[]>

export function createReadiness({ journal, store, appendFailure, clock, stopwatch }: ReadinessDeps): Readiness {
  let seen: { readonly oldestAt: number | undefined; readonly since: number } | undefined

  /** By the clock; or, should that have been set back, by how long we have seen it wait. */
  const waitingSince = (oldestAt: number | undefined): number | undefined => {
    if (seen?.oldestAt !== oldestAt) seen = { oldestAt, since: stopwatch() }
    return oldestAt === undefined ? undefined : Math.min(oldestAt, clock() - (stopwatch() - (seen?.since ?? 0)))
  }

  return async () => {
    const [backlog, isStoreReachable] = await Promise.all([readBacklog(journal), answers(store, clock())])
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
  /** Of the last event that was to be written down; undefined when it was. */
  readonly appendFailure: AppendFailure | undefined
  readonly isStoreReachable: boolean
  readonly oldestWaitingAt: number | undefined
}

/** One sentence per problem. A store that is away for a moment is none: the journal is there to bridge that. */
export function readinessProblems(
  { isJournalReadable, appendFailure, isStoreReachable, oldestWaitingAt }: ReadinessCondition,
  now: number,
): readonly string[] {
  const waitingMs = oldestWaitingAt === undefined ? 0 : now - oldestWaitingAt
  return [
    ...(isJournalReadable ? [] : ['The journal does not answer; check the disk that journal.file is on.']),
    ...(appendFailure && Math.abs(now - appendFailure.at) < GRUDGE_MS
      ? [`The last event could not be journaled: ${appendFailure.reason}. Free some disk space or check the disk.`]
      : []),
    ...(isStoreReachable || waitingMs < OLD_BACKLOG_MS
      ? []
      : [
          `The store does not answer, and events have waited for it for ${showDuration(waitingMs)}; check store.uri and what it names.`,
        ]),
  ]
}

/**
 * Who gets no requests cannot show that writing works again; so a failure is held against us only for this long, also when the
 * clock has been set back since.
 */
const GRUDGE_MS = 60_000

/** Any question will do; this one costs one look into an index. */
async function answers(store: ReadinessDeps['store'], now: number): Promise<boolean> {
  const asked = store.getDocument('health', 'ready', now).then(() => true)
  return (await answeredWithin(PATIENCE_MS, asked)) ?? false
}
