// Runs scheduled jobs: one process at a time, one run at a time, and keeps in the store what became of each.

import type { Clock } from '../lib/clock.ts'
import { type Slots, slotsOf } from '../lib/cron.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import type { ProcessPlace } from '../lib/this-process.ts'
import { claim, type Holder, type Lease } from '../store/lease.ts'
import type { Store } from '../store/store.ts'
import { dueAt, nextRunOf } from './due.ts'
import { createJobRecords, type JobRecord, type JobRun, PROGRESS_EVERY_MS } from './job-records.ts'
import type { Progress, ScheduledJob } from './scheduled-job.ts'

export type SchedulerDeps = {
  readonly jobs: readonly ScheduledJob[]
  readonly store: Pick<Store, 'getDocument' | 'putDocument' | 'deleteDocuments'>
  readonly clock: Clock
  readonly me: ProcessPlace
  isGone(process: ProcessPlace): boolean
  readonly log: Pick<LogLines, 'info' | 'warn'>
  /** Called with each run that ends here. */
  onEnd?(name: string, run: JobRun): void
}

export type JobState = Pick<ScheduledJob, 'name' | 'cron' | 'does'> & {
  readonly nextAt?: number
  readonly lastRun?: JobRun
  readonly lastSuccessAt?: number
  /** Of the run under way. A last run that is `running` without this was killed. */
  readonly progress?: Progress
}

export type Started =
  /** `ended` never rejects. */
  | { readonly ok: true; readonly ended: Promise<JobRun> }
  | { readonly ok: false; readonly reason: 'unknown' | 'stopping' | 'done' }
  | { readonly ok: false; readonly reason: 'running'; readonly holder: Holder }

export type Scheduler = ReturnType<typeof createScheduler>

export function createScheduler({ jobs, store, clock, me, isGone, log, onEnd }: SchedulerDeps) {
  const records = createJobRecords(store)
  const table = jobs.map((job) => ({ ...job, run: job.run.bind(job), slots: slotsOf(job.cron) }))
  type Row = (typeof table)[number]
  const controller = new AbortController()
  const { signal } = controller
  /** By name: each run under way here. */
  const running = new Map<string, { readonly since: number; readonly ended: Promise<unknown> }>()

  const start = async (
    job: Row,
    by: string,
    onProgress: (progress: Progress) => void = () => {},
    isWanted: (record: JobRecord) => boolean = () => true,
  ): Promise<Started> => {
    if (signal.aborted) return { ok: false, reason: 'stopping' }
    const here = running.get(job.name)
    if (here) return { ok: false, reason: 'running', holder: { ...me, since: here.since } }
    const begun = Promise.withResolvers<Started>()
    const ended = attempt(job, by, onProgress, isWanted, begun.resolve)
    running.set(job.name, { since: clock(), ended: ended.catch(() => {}) })
    void ended.catch(begun.reject).finally(() => running.delete(job.name))
    return begun.promise
  }

  const attempt = async (
    job: Row,
    by: string,
    onProgress: (progress: Progress) => void,
    isWanted: (record: JobRecord) => boolean,
    begin: (started: Started) => void,
  ): Promise<void> => {
    const claimed = await claim(store, leaseOf(job), me, { clock, isGone })
    if (!claimed.ok) return begin({ ok: false, reason: 'running', holder: claimed.holder })
    try {
      // Another replica may have done it between our look and our claim.
      const record = await records.get(job.name, clock())
      if (!isWanted(record)) return begin({ ok: false, reason: 'done' })
      const ended = Promise.withResolvers<JobRun>()
      begin({ ok: true, ended: ended.promise })
      ended.resolve(await work(job, by, record, onProgress, claimed.lease))
    } finally {
      // If the store is away, the claim expires.
      await claimed.lease.release().catch(() => {})
    }
  }

  /** Never rejects: what cannot be written is told in the log. */
  const work = async (
    job: Row,
    by: string,
    record: JobRecord,
    onProgress: (progress: Progress) => void,
    lease: Lease,
  ): Promise<JobRun> => {
    const startedAt = clock()
    const slot = job.slots.lastUpTo(startedAt)
    let present: Progress = { rows: 0, share: 0, text: 'It has begun.' }
    const keep = (value: JobRecord) =>
      records.put(job.name, value, clock()).catch((error: unknown) => {
        log.warn({ err: error, job: job.name }, 'the record of a job could not be written')
      })
    const begun = { startedAt, by, outcome: 'running', rows: 0, text: '' } as const
    await keep({ ...record, ...(slot !== undefined && { unfinished: triedOnce(record, slot) }), lastRun: begun })
    const stopRenewing = repeat(async () => {
      await lease.renew()
      await records.putProgress(job.name, present, clock())
    })
    const report = (progress: Progress) => {
      present = progress
      onProgress(progress)
    }
    const run = await resultOf(job, report, () => present, begun)
    await stopRenewing()
    await records.endProgress(job.name).catch(() => {})
    const { unfinished: _, ...rest } = record
    const isDone = run.outcome !== 'stopped'
    await keep({
      ...rest,
      ...(isDone && slot !== undefined && { slot }),
      lastRun: run,
      ...(run.outcome === 'ok' && { lastSuccessAt: run.endedAt ?? clock() }),
    })
    onEnd?.(job.name, run)
    return run
  }

  const resultOf = async (
    job: Row,
    report: (progress: Progress) => void,
    present: () => Progress,
    begun: Omit<JobRun, 'outcome'>,
  ): Promise<JobRun> => {
    try {
      const { rows, text } = await job.run({ report, signal })
      log.info({ job: job.name, rows }, text)
      return { ...begun, endedAt: clock(), outcome: 'ok', rows, text }
    } catch (error) {
      const { rows } = present()
      const ended = { ...begun, endedAt: clock(), rows }
      if (signal.aborted) return { ...ended, outcome: 'stopped', text: 'Stopped; the next run goes on from there.' }
      log.warn({ err: error, job: job.name }, 'a job failed; it runs again at its next time')
      return { ...ended, outcome: 'failed', text: (error as Error).message }
    }
  }

  const runIfDue = async (job: Row): Promise<void> => {
    const isDue = (record: JobRecord) => dueAt(record, job.slots, clock()).kind === 'due'
    const now = clock()
    const record = await records.get(job.name, now)
    const { kind } = dueAt(record, job.slots, now)
    if (kind === 'unknown') await records.change(job.name, (found) => countingFrom(found, job, now), now)
    if (kind !== 'due') return
    const started = await start(job, 'schedule', undefined, isDue)
    if (started.ok) await started.ended
  }

  return {
    /** Runs what is due, one job after the other. Rejects when the store is away. */
    async runDue(): Promise<void> {
      for (const job of table) if (!signal.aborted) await runIfDue(job)
    },

    /** Runs the job now, unless it runs already, here or elsewhere. */
    async start(name: string, by: string, onProgress?: (progress: Progress) => void): Promise<Started> {
      const job = table.find((each) => each.name === name)
      return job ? start(job, by, onProgress) : { ok: false, reason: 'unknown' }
    },

    /** In the order of the table. */
    list: (): Promise<JobState[]> =>
      Promise.all(
        table.map(async ({ name, cron, does, slots }) => {
          const now = clock()
          const [record, progress] = await Promise.all([records.get(name, now), records.progressOf(name, now)])
          const nextAt = nextRunOf(record, slots, now)
          const { lastRun, lastSuccessAt } = record
          return {
            name,
            cron,
            does,
            ...(nextAt !== undefined && { nextAt }),
            ...(lastRun && { lastRun }),
            ...(lastSuccessAt !== undefined && { lastSuccessAt }),
            ...(progress && { progress }),
          }
        }),
      ),

    /** Ends runs between two batches. Idempotent. */
    async stop(): Promise<void> {
      controller.abort()
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

/** The record, from which on times count, if they did not. */
function countingFrom(record: JobRecord, { slots }: { readonly slots: Slots }, now: number): JobRecord {
  const due = dueAt(record, slots, now)
  if (due.kind !== 'unknown') return record
  const { unfinished: _, ...rest } = record
  return { ...rest, slot: due.slot }
}

const leaseOf = ({ name }: Pick<ScheduledJob, 'name'>): string => `job ${name}`

function triedOnce({ unfinished }: JobRecord, slot: number): NonNullable<JobRecord['unfinished']> {
  return { slot, tries: unfinished?.slot === slot ? unfinished.tries + 1 : 1 }
}

/** Calls at once and from time to time; a failure is left to the work beside it, which meets the same store. */
function repeat(call: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve()
  let isUnderWay = false
  const once = () => {
    if (isUnderWay) return
    isUnderWay = true
    last = call()
      .catch(() => {})
      .finally(() => {
        isUnderWay = false
      })
  }
  once()
  const timer = setInterval(once, PROGRESS_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await last
  }
}
