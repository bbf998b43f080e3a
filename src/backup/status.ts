// Which backups there are, and whether it is time to worry.

import { join } from 'node:path'
import type { Loaded } from '../config/load-result.ts'
import { slotsOf } from '../lib/cron.ts'
import { showDuration } from '../lib/units.ts'
import type { Store } from '../store/store.ts'
import { type BesideBackups, besideBackups } from './beside.ts'
import { type LastDrill, lastDrill } from './drill.ts'
import { backupsSeenIn, findBackup } from './folder.ts'
import { sizeOf } from './manifest.ts'

export type BackupSummary = {
  readonly name: string
  /** When it began, milliseconds since the epoch. */
  readonly at: number
  readonly bytes: number
  readonly events: number
  readonly sessions: number
}

/**
 * Newest first, `limit` at most; each was verified before it got its name. What this version cannot read is left out, and so is a folder
 * that this user cannot.
 */
export function newestBackups(folder: string, limit: number): readonly BackupSummary[] {
  const found: BackupSummary[] = []
  for (const name of backupsSeenIn(folder).toReversed()) {
    if (found.length === limit) break
    const summary = summaryOf(folder, name)
    if (summary) found.push(summary)
  }
  return found
}

function summaryOf(folder: string, name: string): BackupSummary | undefined {
  try {
    const { manifest } = findBackup(join(folder, name), folder)
    const { events, sessions } = manifest.counts
    return { name, at: Date.parse(manifest.at), bytes: sizeOf(manifest), events, sessions }
  } catch {
    return undefined
  }
}

/** Of the job `backup`, where there is one. */
type BackupJob = {
  readonly lastRun?: { readonly startedAt: number; readonly outcome: string; readonly text: string } | undefined
  readonly lastSuccessAt?: number | undefined
}

type Watched = {
  /** A cron expression in UTC; without it nothing is expected. */
  readonly schedule: string | undefined
  readonly newestAt: number | undefined
  readonly job: BackupJob
}

/** A clause when the last backup failed, or the newest is older than twice the time between two. */
export function backupTrouble({ schedule, newestAt, job }: Watched, now: number): string | undefined {
  if (schedule === undefined) return undefined
  const { lastRun, lastSuccessAt } = job
  const isNewer = newestAt !== undefined && lastRun !== undefined && newestAt >= lastRun.startedAt
  if (lastRun?.outcome === 'failed' && !isNewer) return `the last backup failed: ${lastRun.text}`
  const since = newestAt ?? lastSuccessAt
  const everyMs = timeBetween(schedule, now)
  if (since === undefined || everyMs === undefined || now - since <= 2 * everyMs) return undefined
  const found =
    newestAt === undefined ? 'there is no backup any more' : `the newest backup is ${showDuration(now - newestAt)} old`
  return `${found}, and backup.schedule is to make one every ${showDuration(everyMs)}`
}

/** The longer one of this gap and the last: on a Monday, that of the weekend, where a schedule leaves that out. */
function timeBetween(schedule: string, now: number): number | undefined {
  const { lastUpTo, nextAfter } = slotsOf(schedule)
  const last = lastUpTo(now)
  const before = last === undefined ? undefined : lastUpTo(last - 1)
  const next = nextAfter(now)
  if (last === undefined || before === undefined || next === undefined) return undefined
  return Math.max(next - last, last - before)
}

export type BackupStatus = {
  /** Newest first. */
  readonly backups: readonly BackupSummary[]
  readonly drill?: LastDrill
  /** What is wrong, as a clause. */
  readonly trouble?: string
  /** What is in none of them. */
  readonly beside: BesideBackups
}

type StatusDeps = Pick<Loaded, 'file' | 'config' | 'takenFrom'> & {
  readonly store: Pick<Store, 'getDocument'>
  readonly job: BackupJob
}

export async function backupStatus({ store, job, ...loaded }: StatusDeps, now: number): Promise<BackupStatus> {
  const { folder, schedule } = loaded.config.backup
  const backups = newestBackups(folder, MOST_SHOWN)
  const trouble = backupTrouble({ schedule, newestAt: backups[0]?.at, job }, now)
  const drill = await lastDrill(store, now)
  const beside = besideBackups(loaded)
  return { backups, beside, ...(drill && { drill }), ...(trouble !== undefined && { trouble }) }
}

const MOST_SHOWN = 10
