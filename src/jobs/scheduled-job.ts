/** Work that is done by the clock. It may be killed at any moment, and run twice. */
export type ScheduledJob = {
  readonly name: string
  /** When, in UTC: minute, hour, day of the month, month, day of the week. */
  readonly cron: string
  /** In one sentence. */
  readonly does: string
  run(context: JobContext): Promise<JobResult>
}

export type JobContext = {
  /** To be called after each batch. */
  report(progress: Progress): void
  /** Aborts when the server stops: the job throws its reason between two batches. The next run goes on. */
  readonly signal: AbortSignal
}

export type Progress = {
  /** What was changed so far: events, sessions. */
  readonly rows: number
  /** From 0 to 1. */
  readonly share: number
  readonly text: string
}

export type JobResult = {
  readonly rows: number
  /** What was done, in one sentence. */
  readonly text: string
}
