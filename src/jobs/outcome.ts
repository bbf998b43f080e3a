import type { JobState } from './scheduler.ts'

export type Outcome = 'never' | 'running' | 'ok' | 'failed' | 'stopped' | 'killed'

/** How the last run ended. One that began and is not heard of any more was killed. */
export function outcomeOf({ lastRun, progress }: Pick<JobState, 'lastRun' | 'progress'>): Outcome {
  if (progress) return 'running'
  if (!lastRun) return 'never'
  return lastRun.outcome === 'running' ? 'killed' : lastRun.outcome
}
