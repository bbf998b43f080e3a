import type { Registry } from 'prom-client'
import { metersIn } from './meters.ts'

const OUTCOMES = ['ok', 'failed', 'stopped'] as const

/** `jobs`: their names. Counters start at 0, so that an alert sees the first failure as a rise. */
export function createJobMetrics(registry: Registry, jobs: readonly string[]) {
  const { counter, gauge } = metersIn(registry)
  const runs = counter('job_runs', 'Runs of scheduled jobs that ended in this process, by outcome.', 'job', 'outcome')
  const rows = counter('job_rows', 'What scheduled jobs changed or copied in this process: events, sessions.', 'job')
  const successAt = gauge(
    'job_last_success_timestamp_seconds',
    'When a scheduled job last succeeded in this process, since the epoch; 0 before.',
    'job',
  )
  for (const job of jobs) {
    for (const outcome of OUTCOMES) runs.inc({ job, outcome }, 0)
    rows.inc({ job }, 0)
    successAt.set({ job }, 0)
  }
  return {
    /** A run that ended in this process. `endedAt`: milliseconds since the epoch. */
    observeJob(job: string, { outcome, rows: changed, endedAt }: JobObservation): void {
      runs.inc({ job, outcome })
      rows.inc({ job }, changed)
      if (outcome === 'ok' && endedAt !== undefined) successAt.set({ job }, endedAt / 1_000)
    },
  }
}

type JobObservation = { readonly outcome: string; readonly rows: number; readonly endedAt?: number | undefined }
