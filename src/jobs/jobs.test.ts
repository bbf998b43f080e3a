import { expect, test } from 'bun:test'
import { type JobDeps, jobsFor } from './jobs.ts'

const nothing = async () => {}
const IDLE: JobDeps = {
  refresh: async () => ({ isStale: false }),
  warmUp: nothing,
  runScheduled: nothing,
  purgeJournal: async () => true,
  forgetSilent() {},
  removeExpiredSealed: async () => true,
  summariseIncidents() {},
  summariseLog() {},
  summariseFailedLogins: nothing,
  learnErased: nothing,
  syncLearned: nothing,
  syncCompared: nothing,
}

test('the pages are warmed up when all numbers are up to date, and not before', async () => {
  const stale = [true, true, false]
  let warmUps = 0
  const jobs = jobsFor({
    ...IDLE,
    refresh: async () => ({ isStale: stale.shift() ?? false }),
    warmUp: async () => void warmUps++,
  })
  const refreshing = jobs.find(({ name }) => name === 'refresh rollups')
  const runs: unknown[] = []
  for (let run = 0; run < 3; run++) runs.push([await refreshing?.run(), warmUps])
  expect(runs).toEqual([
    [{ isDone: false }, 0],
    [{ isDone: false }, 0],
    [{ isDone: true }, 1],
  ])
})
