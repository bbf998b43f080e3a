// What is done by the clock: a row for each job. What runs every few seconds is in `jobs.ts`.

import { type EraseJobDeps, eraseRequested } from './erase.ts'
import { type HashDeps, hashOldValues } from './hash-old-values.ts'
import { previewRemoval, type RetentionJobDeps, removeOldData } from './remove-old-data.ts'
import type { JobContext, JobResult, ScheduledJob } from './scheduled-job.ts'

type BackupJobDeps = {
  readonly backup: {
    /** A cron expression; without it there is no such job. */
    readonly schedule?: string | undefined
    run(context: JobContext): Promise<JobResult>
  }
}

export const scheduleOf = (
  deps: HashDeps & RetentionJobDeps & EraseJobDeps & BackupJobDeps,
): readonly ScheduledJob[] => [
  ...backupJobs(deps),
  {
    name: 'hash',
    cron: '17 * * * *',
    does: 'Turns values that are older than their hash_after into pseudonyms.',
    run: (context) => hashOldValues(deps, context),
  },
  {
    name: 'retention-preview',
    cron: '10 2 * * *',
    does: 'Counts what retention would remove; removes nothing.',
    run: (context) => previewRemoval(deps, context),
  },
  {
    name: 'retention',
    cron: '40 2 * * *',
    does: 'Removes what is older than retention keeps it; the numbers stay, unless they have an age of their own.',
    run: (context) => removeOldData(deps, context),
  },
  {
    name: 'erase',
    cron: '27 * * * *',
    does: 'Erases the people who are to be erased; the numbers of frozen hours stay.',
    run: (context) => eraseRequested(deps, context),
  },
]

const backupJobs = ({ backup: { schedule, run } }: BackupJobDeps): readonly ScheduledJob[] =>
  schedule === undefined
    ? []
    : [
        {
          name: BACKUP_JOB,
          cron: schedule,
          does: 'Copies store and journal, in a process of its own, and verifies the copy.',
          run,
        },
      ]

export const BACKUP_JOB = 'backup'
