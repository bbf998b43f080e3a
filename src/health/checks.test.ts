// What no machine can be brought to on demand: judged by figures alone. The rest is in cli/doctor.slow.test.ts.

import { expect, test } from 'bun:test'
import { checkClock } from './check-clock.ts'
import { checkBacklog, checkLedger } from './check-journal.ts'
import { judgeSpace } from './check-space.ts'

const GB = 1024 ** 3

test.each([
  [0, 10 * GB, 'warning'],
  [GB - 1, 5 * GB, 'warning'],
  [GB, 5 * GB, 'ok'],
  [9 * GB, 100 * GB, 'warning'],
  [10 * GB, 100 * GB, 'ok'],
] as const)('%d bytes free of %d: %s', (free, total, verdict) => {
  expect(judgeSpace('/data', free, total).verdict).toBe(verdict)
})

test.each([
  ['1970-01-01T00:03:00Z', 'problem'],
  ['2025-12-31T23:59:59Z', 'problem'],
  ['2026-01-01T00:00:00Z', 'ok'],
  ['2040-06-01T00:00:00Z', 'ok'],
  ['2106-02-07T06:28:15Z', 'problem'],
] as const)('a clock at %s: %s', (text, verdict) => {
  expect(checkClock(Date.parse(text)).verdict).toBe(verdict)
})

test.each([
  [0, 0, true, 'ok'],
  [0, 0, false, 'ok'],
  [12, 59_000, true, 'ok'],
  [12, 60_000, true, 'problem'],
  [12, 59_000, false, 'warning'],
] as const)('%d events waiting for %d ms with the server up (%p): %s', (waiting, oldestMs, isServed, verdict) => {
  expect(checkBacklog(waiting, oldestMs, isServed).verdict).toBe(verdict)
})

const LEDGER = { received: 10, stored: 8, alreadyStored: 2, waiting: 0, quarantined: 0, dropped: 0 }

test.each([
  ['that balances', {}, 'ok'],
  ['with an event too few', { stored: 7 }, 'problem'],
  ['with an event too many', { stored: 9 }, 'problem'],
  ['with an event in quarantine', { stored: 7, quarantined: 1 }, 'warning'],
  ['with an event dropped', { stored: 7, dropped: 1 }, 'warning'],
] as const)('a ledger %s: %s', (_, change, verdict) => {
  expect(checkLedger({ ...LEDGER, ...change }, 'at is not a number').verdict).toBe(verdict)
})
