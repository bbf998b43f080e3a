import { expect, test } from 'bun:test'
import { createCalendar, dayBounds, dayOf } from './calendar.ts'

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

test('the same instant is another day elsewhere', () => {
  const at = Date.parse('2026-11-22T23:30:00Z')
  expect([dayOf(at, 'UTC'), dayOf(at, 'Europe/Helsinki')]).toEqual(['2026-11-22', '2026-11-23'])
})

test('people read local time, machines UTC', () => {
  const { minute, second, moment } = createCalendar('Europe/Helsinki')
  const at = Date.parse('2026-03-02T22:05:09.042Z')
  expect(minute(at)).toEqual({ iso: '2026-03-02T22:05:09.042Z', text: '3 Mar 2026, 00:05' })
  expect([second(at).text, moment(at).text]).toEqual(['3 Mar 2026, 00:05:09', '00:05:09.042'])
})
