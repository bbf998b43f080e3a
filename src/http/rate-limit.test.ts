import { expect, test } from 'bun:test'
import { createRateLimit } from './rate-limit.ts'

const throttleAt = (time: { now: number }, keys = 100) =>
  createRateLimit({ burst: 3, refillMs: 10_000, keys }, () => time.now)

test('after a burst it tells how long to wait, and lets one more through then', () => {
  const time = { now: 1_000 }
  const throttle = throttleAt(time)
  expect([1, 2, 3, 4].map(() => throttle.take('a'))).toEqual([0, 0, 0, 10_000])
  time.now += 4_000
  expect(throttle.take('a')).toBe(6_000)
  time.now += 6_000
  expect([throttle.take('a'), throttle.take('a')]).toEqual([0, 10_000])
})

test('one key does not use up the tries of another', () => {
  const throttle = throttleAt({ now: 0 })
  for (let index = 0; index < 4; index++) throttle.take('a')
  expect(throttle.take('b')).toBe(0)
})

test('a try that is given back can be taken again, but never more than the burst', () => {
  const throttle = throttleAt({ now: 0 })
  throttle.giveBack('a')
  expect([1, 2, 3, 4].map(() => throttle.take('a') > 0)).toEqual([false, false, false, true])
  throttle.giveBack('a')
  expect(throttle.take('a')).toBe(0)
})

test('remembers no more keys than it was told, and forgets none that has used up tries', () => {
  const time = { now: 0 }
  const throttle = throttleAt(time, 2)
  for (let index = 0; index < 4; index++) throttle.take('a')
  throttle.take('b')
  expect([throttle.take('c'), throttle.take('d')]).toEqual([10_000, 10_000])
  expect([throttle.take('a'), throttle.take('b')]).toEqual([10_000, 0])
  time.now += 20_000
  expect([throttle.take('c'), throttle.take('d')]).toEqual([0, 10_000])
})

test('a key whose try was given back takes the place of no other', () => {
  const throttle = throttleAt({ now: 0 }, 2)
  for (let index = 0; index < 4; index++) throttle.take('a')
  for (let index = 0; index < 100; index++) {
    expect(throttle.take(`made up ${index}`)).toBe(0)
    throttle.giveBack(`made up ${index}`)
  }
  expect(throttle.take('a')).toBe(10_000)
})

test('a clock that is set back keeps nobody waiting longer than an empty bucket does', () => {
  const time = { now: 3_600_000 }
  const throttle = throttleAt(time)
  for (let index = 0; index < 4; index++) throttle.take('a')
  time.now = 0
  expect(throttle.take('a')).toBe(10_000)
  time.now += 10_000
  expect(throttle.take('a')).toBe(0)
})
