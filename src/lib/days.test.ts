import { expect, test } from 'bun:test'
import { clockOf, dayBounds, dayOf, dayPlus, daysBetween, hourEnds, instantAt, weekdayOf } from './days.ts'

const HOUR = 3_600_000

test.each([
  ['2026-11-22', 'UTC', '2026-11-22T00:00:00.000Z', 24],
  ['2026-11-22', 'Asia/Kolkata', '2026-11-21T18:30:00.000Z', 24],
  ['2026-03-29', 'Europe/Lisbon', '2026-03-29T00:00:00.000Z', 23],
  ['2026-10-25', 'Europe/Lisbon', '2026-10-24T23:00:00.000Z', 25],
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
])('%s in %s begins when the clocks there say so', (day, timezone, from, hours) => {
  const bounds = dayBounds(day, timezone)
  expect(bounds?.from).toBe(Date.parse(from))
  expect(((bounds?.until ?? 0) - (bounds?.from ?? 0)) / HOUR).toBe(hours)
})

test.each(['', '2026-02-30', '2026-13-01', '22.11.2026', '2026-11-22T00:00', 'today'])('%p is no day', (day) => {
  expect(dayBounds(day, 'UTC')).toBeUndefined()
})

test.each([
  ['2026-11-22', 18.5, 'UTC', '2026-11-22T18:30:00.000Z'],
  ['2026-11-22', 0, 'Asia/Kolkata', '2026-11-21T18:30:00.000Z'],
  ['2026-03-29', 18, 'Europe/Lisbon', '2026-03-29T17:00:00.000Z'],
])('on %s the clocks show %d hours in %s', (day, hours, timezone, at) => {
  expect(new Date(instantAt(day, hours, timezone)).toISOString()).toBe(at)
})

test('the same instant is another day elsewhere', () => {
  const at = Date.parse('2026-11-22T23:30:00Z')
  expect([dayOf(at, 'UTC'), dayOf(at, 'Europe/Helsinki')]).toEqual(['2026-11-22', '2026-11-23'])
})

test('days are counted by the calendar, whatever the clocks do', () => {
  expect([dayPlus('2026-03-01', -1), dayPlus('2026-12-31', 1), daysBetween('2026-03-28', '2026-03-30')]).toEqual([
    '2026-02-28',
    '2027-01-01',
    2,
  ])
  expect([weekdayOf('2026-03-02'), weekdayOf('2026-03-08')]).toEqual([1, 7])
})

test.each([
  ['UTC', 9],
  ['America/New_York', 4],
  ['Asia/Kolkata', 14.5],
  ['Asia/Kathmandu', 14.75],
])('at 9:00 UTC the clocks of %s show %p', (timezone, clock) =>
  expect(clockOf(Date.parse('2026-03-02T09:00:00Z'), timezone)).toBe(clock),
)

test.each([
  ['UTC', 0, '2026-03-02', '2026-03-02', '00:00', '01:00'],
  ['UTC', 23, '2026-03-02', '2026-03-02', '23:00', '00:00'],
  ['America/New_York', 0, '2026-03-01', '2026-03-31', '00:00', '01:00'],
  // 5:30 ahead: midnight is 18:30 UTC, and the next hour of UTC begins half an hour later.
  ['Asia/Kolkata', 0, '2026-03-02', '2026-03-02', '00:00', '00:30'],
  ['Asia/Kolkata', 0.5, '2026-03-02', '2026-03-02', '00:30', '01:30'],
  ['Asia/Kolkata', 22.5, '2026-03-02', '2026-03-02', '22:30', '23:30'],
  ['Asia/Kolkata', 23.5, '2026-03-02', '2026-03-02', '23:30', '00:00'],
  // 5:45 ahead: midnight is 18:15 UTC, three quarters before 19:00.
  ['Asia/Kathmandu', 0, '2026-03-02', '2026-03-02', '00:00', '00:45'],
  ['Asia/Kathmandu', 0.75, '2026-03-02', '2026-03-02', '00:45', '01:45'],
  ['Asia/Kathmandu', 23.75, '2026-03-02', '2026-03-02', '23:45', '00:00'],
  // 3:30 behind, then 2:30: midnight is 03:30 UTC, then 02:30.
  ['America/St_Johns', 0, '2026-02-01', '2026-04-30', '00:00', '00:30'],
  // 9:30 behind: midnight is 09:30 UTC.
  ['Pacific/Marquesas', 0, '2026-03-02', '2026-03-02', '00:00', '00:30'],
  // 11:00 ahead until 02:00 on 5 April, 10:30 until 02:00 on 4 October.
  ['Australia/Lord_Howe', 0, '2026-04-05', '2026-04-05', '00:00', '01:00'],
  ['Australia/Lord_Howe', 0, '2026-04-06', '2026-10-04', '00:00', '00:30'],
  ['Australia/Lord_Howe', 0, '2026-04-06', '2026-10-05', '00:00', '01:00'],
  ['Australia/Lord_Howe', 0, '2026-05-01', '2027-05-01', '00:00', '01:00'],
])('in %s the hour %p from %s to %s is from %s to %s', (timezone, hour, from, until, begins, ends) =>
  expect(hourEnds(hour, { from, until, timezone })).toEqual([begins, ends]),
)
