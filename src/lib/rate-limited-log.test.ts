import { expect, test } from 'bun:test'
import pino from 'pino'
import { LINES_PER_MINUTE } from './log-rate-limit.ts'
import { createRateLimitedLog } from './rate-limited-log.ts'
import { redactError } from './redact-error.ts'

test('of failures that are told without their messages, one that comes often does not hide another', () => {
  const written: { fault: { at: string[] } }[] = []
  const log = createRateLimitedLog(
    pino({ base: null }, { write: (line) => void written.push(JSON.parse(line)) }),
    () => 0,
  )
  const often = () => new Error('one')
  for (let index = 0; index < 100; index++) log.error({ fault: redactError(often()) }, 'a request failed')
  log.error({ fault: redactError(new Error('another')) }, 'a request failed')
  expect(written).toHaveLength(LINES_PER_MINUTE + 1)
})

test('a flood of one failure is cut off and summed up, and another failure with the same text is written', () => {
  const written: { msg: string; count?: number; err?: { message: string } }[] = []
  const time = { now: 0 }
  const log = createRateLimitedLog(
    pino({ base: null }, { write: (line) => void written.push(JSON.parse(line)) }),
    () => time.now,
  )
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
