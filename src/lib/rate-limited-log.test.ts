import { expect, test } from 'bun:test'
import pino from 'pino'
import { createRateLimitedLog, LINES_PER_MINUTE } from './rate-limited-log.ts'
import { redactError } from './redact-error.ts'

type Line = { readonly msg: string; readonly count?: number; readonly err?: { readonly message: string } }

/** `flood`: how many of so many lines are written. */
function limitedLog() {
  const written: Line[] = []
  const time = { now: 1_000_000 }
  const log = createRateLimitedLog(
    pino({ base: null }, { write: (line) => void written.push(JSON.parse(line)) }),
    () => time.now,
  )
  const flood = (count: number, kind: (index: number) => string) => {
    const before = written.length
    for (let index = 0; index < count; index++) log.info(kind(index))
    return written.length - before
  }
  const summaries = () => written.filter(({ count }) => count !== undefined).map(({ msg, count }) => [msg, count])
  return { written, time, log, flood, summaries }
}

test('a flood of one kind is cut off each minute, counted, and told once; others are written all the same', () => {
  const { time, log, flood, summaries } = limitedLog()
  expect(flood(16_770, () => 'a request failed')).toBe(LINES_PER_MINUTE)
  expect(flood(1, () => 'the journal was damaged')).toBe(1)
  log.summarise()
  expect(summaries()).toEqual([])
  time.now += 60_000
  log.summarise()
  log.summarise()
  expect(summaries()).toEqual([['more lines like this one: a request failed', 16_770 - LINES_PER_MINUTE]])
  expect(flood(100, () => 'a request failed')).toBe(LINES_PER_MINUTE)
})

test('what was let go is told also when nobody asked in time, and at the end', () => {
  const { time, log, flood, summaries } = limitedLog()
  flood(100, () => 'a')
  time.now += 60_000
  flood(100, () => 'a')
  log.summarise()
  expect(summaries()).toEqual([])
  log.summarise(true)
  expect(summaries()).toEqual([['more lines like this one: a', 2 * (100 - LINES_PER_MINUTE)]])
})

test('any number of kinds takes no more memory, nor more lines, than so many', () => {
  const { flood } = limitedLog()
  expect(flood(100_000, (index) => `kind ${index}`)).toBe(200 + LINES_PER_MINUTE)
})

test('a clock that is set back does not silence a kind', () => {
  const { time, flood } = limitedLog()
  flood(100, () => 'a')
  time.now -= 3_600_000
  expect(flood(1, () => 'a')).toBe(1)
})

test('of failures that are told without their messages, one that comes often does not hide another', () => {
  const { written, log } = limitedLog()
  const often = () => new Error('one')
  for (let index = 0; index < 100; index++) log.error({ fault: redactError(often()) }, 'a request failed')
  log.error({ fault: redactError(new Error('another')) }, 'a request failed')
  expect(written).toHaveLength(LINES_PER_MINUTE + 1)
})

test('a flood of one failure is cut off and summed up, and another failure with the same text is written', () => {
  const { written, time, log } = limitedLog()
  const often = () => new Error('one')
  for (let index = 0; index < 1_000; index++) log.error({ err: often() }, 'a request failed')
  log.error({ err: new Error('another') }, 'a request failed')
  log.info('a line without more')
  expect(written.filter(({ err }) => err?.message === 'one')).toHaveLength(LINES_PER_MINUTE)
  expect(written.slice(LINES_PER_MINUTE).map(({ msg, err }) => [msg, err?.message])).toEqual([
    ['a request failed', 'another'],
    ['a line without more', undefined],
  ])
  log.summarise()
  time.now += 60_000
  log.summarise()
  log.summarise(true)
  expect(written.slice(LINES_PER_MINUTE + 2)).toEqual([
    expect.objectContaining({
      count: 1_000 - LINES_PER_MINUTE,
      msg: expect.stringMatching(/^more lines like this one: a request failed \(/),
    }),
  ])
})
