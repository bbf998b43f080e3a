import { expect, test } from 'bun:test'
import { createLogRateLimit, LINES_PER_MINUTE } from './log-rate-limit.ts'

function limitAt() {
  const time = { now: 1_000_000 }
  const limit = createLogRateLimit(() => time.now)
  const admitted = (count: number, kind: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => limit.admit(kind(index))).filter(Boolean).length
  return { time, limit, admitted }
}

test('a flood of one kind is cut off each minute, counted, and told once; others are written all the same', () => {
  const { time, limit, admitted } = limitAt()
  expect(admitted(16_770, () => 'a request failed')).toBe(LINES_PER_MINUTE)
  expect(admitted(1, () => 'the journal was damaged')).toBe(1)
  expect(limit.overdue()).toEqual([])
  time.now += 60_000
  expect(limit.overdue()).toEqual([{ kind: 'a request failed', count: 16_770 - LINES_PER_MINUTE }])
  expect(limit.overdue()).toEqual([])
  expect(admitted(100, () => 'a request failed')).toBe(LINES_PER_MINUTE)
})

test('what was let go is told also when nobody asked in time, and at the end', () => {
  const { time, limit, admitted } = limitAt()
  admitted(100, () => 'a')
  time.now += 60_000
  admitted(100, () => 'a')
  expect(limit.overdue()).toEqual([])
  expect(limit.overdue(true)).toEqual([{ kind: 'a', count: 2 * (100 - LINES_PER_MINUTE) }])
})

test('any number of kinds takes no more memory, nor more lines, than so many', () => {
  const { admitted } = limitAt()
  expect(admitted(100_000, (index) => `kind ${index}`)).toBe(200 + LINES_PER_MINUTE)
})

test('a clock that is set back does not silence a kind', () => {
  const { time, admitted } = limitAt()
  admitted(100, () => 'a')
  time.now -= 3_600_000
  expect(admitted(1, () => 'a')).toBe(1)
})
