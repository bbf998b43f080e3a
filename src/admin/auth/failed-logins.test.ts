import { expect, test } from 'bun:test'
import type { AuditEntry } from '../../store/store.ts'
import { createFailedLogins, MAX_SOURCES } from './failed-logins.ts'

const HOUR = 3_600_000

function logAt(time: { now: number }) {
  const entries: AuditEntry[] = []
  const failed = createFailedLogins({ audit: async (entry) => void entries.push(entry), clock: () => time.now })
  return { failed, details: () => entries.map(({ detail }) => detail), entries }
}

test('the first of an address and account is there at once, the rest of the hour in one entry', async () => {
  const time = { now: 10 * HOUR }
  const { failed, details, entries } = logAt(time)
  for (let index = 0; index < 500; index++) await failed.wrong('203.0.113.9', 'ada')
  for (let index = 0; index < 7_000; index++) failed.unchecked('::ffff:203.0.113.9')
  await failed.wrong('203.0.113.9', undefined)
  expect(details()).toEqual(['as ada from 203.0.113.9', 'from 203.0.113.9'])

  await failed.summarise()
  expect(entries).toHaveLength(2)
  time.now += 3 * HOUR
  await failed.summarise()
  expect(details().slice(2)).toEqual([
    'as ada from 203.0.113.9 within the hour: 499 more, 7,000 not looked at, as there were too many',
  ])
  expect(entries[2]?.at).toBe(11 * HOUR - 1)
  await failed.summarise(true)
  expect(entries).toHaveLength(3)
})

test('an hour has no more entries than that, from however many addresses', async () => {
  const time = { now: 10 * HOUR }
  const { failed, entries, details } = logAt(time)
  for (let index = 0; index < 2_000; index++) {
    await failed.wrong(`10.1.${index >> 8}.${index & 255}`, 'ada')
    await failed.wrong(`2001:db8:1:${index.toString(16)}::1`, undefined)
  }
  await failed.summarise(true)
  expect(entries).toHaveLength(MAX_SOURCES + 1)
  expect(details().at(-1)).toBe(`from elsewhere within the hour: ${(4_000 - MAX_SOURCES).toLocaleString('en')} more`)
})

test('the next hour begins with an entry of its own, and what was not summed up yet is', async () => {
  const time = { now: 10 * HOUR }
  const { failed, details } = logAt(time)
  await failed.wrong('a', 'ada')
  await failed.wrong('a', 'ada')
  time.now += HOUR
  await failed.wrong('a', 'ada')
  expect(details()).toEqual(['as ada from a', 'as ada from a within the hour: 1 more', 'as ada from a'])
})
