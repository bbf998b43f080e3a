import { expect, test } from 'bun:test'
import { DAY_MS, HOUR_MS } from '../lib/units.ts'
import { backupTrouble } from './status.ts'

/** A Friday. */
const NOW = Date.parse('2026-11-27T12:00:00Z')
const NIGHTLY = '30 3 * * *'
const FAILED = { startedAt: NOW - 9 * HOUR_MS, outcome: 'failed', text: 'there is no room' }

test.each<[string, Parameters<typeof backupTrouble>[0], string | undefined]>([
  [
    'nothing is expected without a schedule',
    { schedule: undefined, newestAt: undefined, job: { lastRun: FAILED } },
    undefined,
  ],
  ['two nights', { schedule: NIGHTLY, newestAt: NOW - 2 * DAY_MS, job: {} }, undefined],
  [
    'more than two nights',
    { schedule: NIGHTLY, newestAt: NOW - 2 * DAY_MS - 1, job: {} },
    'the newest backup is 2 d old, and backup.schedule is to make one every 24 h',
  ],
  [
    'a failed one',
    { schedule: NIGHTLY, newestAt: NOW - DAY_MS, job: { lastRun: FAILED } },
    'the last backup failed: there is no room',
  ],
  [
    'a failed one, and one by hand since',
    { schedule: NIGHTLY, newestAt: NOW - HOUR_MS, job: { lastRun: FAILED } },
    undefined,
  ],
  [
    'a stopped one',
    { schedule: NIGHTLY, newestAt: NOW - DAY_MS, job: { lastRun: { ...FAILED, outcome: 'stopped' } } },
    undefined,
  ],
  ['none yet', { schedule: NIGHTLY, newestAt: undefined, job: {} }, undefined],
  [
    'none any more',
    { schedule: NIGHTLY, newestAt: undefined, job: { lastSuccessAt: NOW - 3 * DAY_MS } },
    'there is no backup any more, and backup.schedule is to make one every 24 h',
  ],
  [
    'every hour',
    { schedule: '5 * * * *', newestAt: NOW - 2.1 * HOUR_MS, job: {} },
    'the newest backup is 2.1 h old, and backup.schedule is to make one every 1 h',
  ],
])('%s', (_, watched, trouble) => {
  expect(backupTrouble(watched, NOW)).toBe(trouble as string)
})

test('a schedule that leaves out the weekend allows for it, from Monday on too', () => {
  const [friday, monday] = [Date.parse('2026-11-27T03:30:00Z'), Date.parse('2026-11-30T09:00:00Z')]
  expect(backupTrouble({ schedule: '30 3 * * 1-5', newestAt: friday, job: {} }, monday)).toBeUndefined()
})
