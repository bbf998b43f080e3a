import { describe, expect, test } from 'bun:test'
import { slotsOf } from './cron.ts'

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 16))

describe('the times of an expression, in UTC', () => {
  test.each<[cron: string, at: string, last: string, next: string]>([
    ['17 * * * *', '2026-11-28T16:17', '2026-11-28T16:17', '2026-11-28T17:17'],
    ['17 * * * *', '2026-11-28T16:16', '2026-11-28T15:17', '2026-11-28T16:17'],
    ['17 * * * *', '2026-12-31T23:40', '2026-12-31T23:17', '2027-01-01T00:17'],
    ['5 3 * * *', '2026-03-01T02:00', '2026-02-28T03:05', '2026-03-01T03:05'],
    ['*/15 3,4 * * *', '2026-03-01T04:45', '2026-03-01T04:45', '2026-03-02T03:00'],
    ['0 3 * * 0', '2026-11-28T12:00', '2026-11-22T03:00', '2026-11-29T03:00'],
    ['0 3 * * 7', '2026-11-28T12:00', '2026-11-22T03:00', '2026-11-29T03:00'],
    ['0 3 1 * *', '2026-11-28T12:00', '2026-11-01T03:00', '2026-12-01T03:00'],
    ['0 0 29 2 *', '2026-11-28T12:00', '2024-02-29T00:00', '2028-02-29T00:00'],
    // In Lisbon 01:30 comes twice this night, and in São Paulo midnight once did not come; here each comes once.
    ['30 1 * * *', '2026-10-25T02:00', '2026-10-25T01:30', '2026-10-26T01:30'],
    ['30 3 * * *', '2018-11-04T03:00', '2018-11-03T03:30', '2018-11-04T03:30'],
  ])('%s at %s', (cron, at, last, next) => {
    const slots = slotsOf(cron)
    const now = Date.parse(`${at}:00Z`)
    expect([iso(slots.lastUpTo(now)), iso(slots.nextAfter(now))]).toEqual([last, next])
  })

  test.each(['17 * * *', '99 * * * *', 'at noon', '0 3 L * *', '0 0 31 2 *'])('%s is refused', (cron) => {
    expect(() => slotsOf(cron)).toThrow()
  })
})
