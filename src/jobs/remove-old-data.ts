// The job that removes events and sessions when they are too old.

import type { SiftedArchive } from '../erasure/erasure.ts'
import type { Clock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { describePreview } from '../retention/describe-preview.ts'
import { previewExpired } from '../retention/preview.ts'
import {
  type Expired,
  expiredAt,
  NOTHING,
  type RetentionAges,
  type RetentionProgress,
  removeExpired,
} from '../retention/remove-expired.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Store } from '../store/store.ts'
import type { SessionRulebook } from '../trail/session.ts'
import { type Purging, purge } from './purge.ts'
import { createRest, type Pacing } from './rest.ts'
import type { JobContext, JobResult } from './scheduled-job.ts'

export type RetentionJobDeps = Pacing &
  Purging & {
    readonly ages: RetentionAges
    readonly store: Store
    readonly rollups: Pick<Rollups, 'refresh' | 'keepParts'>
    readonly rules: SessionRulebook
    readonly timezone: string
    readonly archive?: SiftedArchive | undefined
    readonly clock: Clock
  }

export async function removeOldData(deps: RetentionJobDeps, { report, signal }: JobContext): Promise<JobResult> {
  const { ages, store, archive, clock } = deps
  if (ages.events === undefined) return { rows: 0, text: NO_RETENTION }
  const removal = { ...deps, archive: archive?.write }
  const expired = expiredAt(clock(), ages)
  let done = NOTHING
  const { rest } = createRest(deps, signal)
  for await (done of removeExpired(removal, expired)) {
    report({ rows: done.events + done.sessions, share: done.share, text: textOf(done, expired) })
    await rest()
  }
  while (!(await store.releaseRoom())) await rest()
  await purge(deps, signal)
  // A file that cannot be read is told to whoever erases somebody.
  await archive?.sweep()
  return { rows: done.events + done.sessions, text: textOf(done, expired) }
}

/** Counts what `removeOldData` would remove now. */
export async function previewRemoval(
  deps: Omit<RetentionJobDeps, 'rollups' | 'rules' | 'timezone'>,
  { report, signal }: JobContext,
): Promise<JobResult> {
  const { ages, store, clock } = deps
  if (ages.events === undefined) return { rows: 0, text: NO_RETENTION }
  const totals = await store.totals(clock(), 0)
  const { rest } = createRest(deps, signal)
  const preview = await previewExpired(store, expiredAt(clock(), ages), async (found) => {
    report({ rows: found, share: 0, text: `${plural(found, 'row')} found.` })
    await rest()
  })
  const rows = preview.events.count + preview.sessions.count
  return { rows, text: describePreview(preview, totals).join(' ') }
}

const NO_RETENTION = 'The config sets no retention: nothing is ever removed.'

function textOf({ events, sessions, rollups }: RetentionProgress, { rollupsBefore }: Expired): string {
  if (events + sessions + rollups === 0) return 'Nothing is too old.'
  const numbers = rollups === 0 ? 'all numbers stay' : `the numbers since ${new Date(rollupsBefore).toISOString()} stay`
  return `Removed ${plural(events, 'event')} and ${plural(sessions, 'session')}; ${numbers}.`
}
