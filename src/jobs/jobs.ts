// What runs by itself every few seconds: a row for each job. What is done by the clock is in `schedule.ts`.

import { HOUR_MS, MINUTE_MS } from '../lib/units.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Job } from './runner.ts'

export type JobDeps = {
  readonly refresh: Rollups['refresh']
  /** Gets ready for who comes first, once. */
  warmUp(): Promise<void>
  /** What is due by the clock. */
  runScheduled(): Promise<void>
  /** Takes what has left the journal of this process out of its files. The job `hash` does so too, in the one process that it runs in. */
  purgeJournal(): Promise<boolean>
  /** Lets go of the sessions that have been silent for too long to go on. */
  forgetSilent(): void
  /** Removes what sessions said that are over. Resolves to whether that was all. */
  removeExpiredSealed(): Promise<boolean>
  summariseIncidents(): void
  summariseLog(): void
  summariseFailedLogins(): Promise<void>
  /** Learns who was erased by other processes. */
  learnErased(): Promise<void>
  /** Exchanges what was learned of flows with other processes. */
  syncLearned(): Promise<void>
  /** Stores how the answers of configs compare with those of tapped endpoints. */
  syncCompared(): Promise<void>
}

export const jobsFor = (deps: JobDeps): readonly Job[] => [
  {
    name: 'refresh rollups',
    firstMs: 1_000,
    everyMs: 5_000,
    async run() {
      const { isStale } = await deps.refresh()
      if (!isStale) await deps.warmUp()
      return { isDone: !isStale }
    },
  },
  { name: 'scheduled jobs', everyMs: 5_000, run: whole(deps.runScheduled) },
  { name: 'purge the journal', everyMs: HOUR_MS, run: whole(deps.purgeJournal) },
  { name: 'forget silent sessions', everyMs: MINUTE_MS, run: whole(deps.forgetSilent) },
  {
    name: 'remove sealed sessions',
    everyMs: MINUTE_MS,
    run: async () => ({ isDone: await deps.removeExpiredSealed() }),
  },
  { name: 'summarise incidents', everyMs: MINUTE_MS, run: whole(deps.summariseIncidents) },
  { name: 'summarise repeated log lines', everyMs: MINUTE_MS, run: whole(deps.summariseLog) },
  { name: 'summarise failed logins', everyMs: MINUTE_MS, run: whole(deps.summariseFailedLogins) },
  { name: 'learn who is erased', everyMs: 5_000, run: whole(deps.learnErased) },
  { name: 'keep what is learned of flows', everyMs: 5_000, run: whole(deps.syncLearned) },
  { name: 'keep what is compared', everyMs: 5_000, run: whole(deps.syncCompared) },
]

/** Of work that leaves nothing over. */
const whole = (work: () => unknown) => async () => {
  await work()
  return { isDone: true }
}
