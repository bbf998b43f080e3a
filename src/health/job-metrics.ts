import type { Registry } from 'prom-client'
import { metersIn } from './meters.ts'

const OUTCOMES = ['ok', 'failed', 'stopped'] as const

export type JobObservation = {
  readonly outcome: string
  readonly rows: number
  /** Milliseconds since the epoch. */
  readonly endedAt?: number | undefined
}

export type JobMetrics = {
  /** A run that ended in this process. */
  observeJob(job: string, run: JobObservation): void
}

/** `jobs`: their names. Counters start at 0, so that an alert sees the first failure as a rise. */
export function createJobMetrics(registry: Registry, jobs: readonly string[]): JobMetrics {
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
    observeJob(job, { outcome, rows: changed, endedAt }) {
      runs.inc({ job, outcome })
      rows.inc({ job }, changed)
      if (outcome === 'ok' && endedAt !== undefined) successAt.set({ job }, endedAt / 1_000)
    },
  }
}
