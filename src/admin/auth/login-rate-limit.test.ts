import { expect, test } from 'bun:test'
import { createLoginRateLimit, type LoginAttempt } from './login-rate-limit.ts'

const HOUR = 3_600_000

function setUp() {
  const time = { now: 0 }
  const rateLimit = createLoginRateLimit(() => time.now)
  /** How many of `count` attempts are allowed. */
  const tries = (count: number, attemptAt: (index: number) => LoginAttempt) =>
    Array.from({ length: count }, (_, index) => rateLimit.take(attemptAt(index))).filter((waitMs) => waitMs === 0)
      .length
  return { time, rateLimit, tries }
}

const ada = (address: string, device?: string): LoginAttempt => ({ address, name: 'ada', device })

test('one address uses up only its own tries, not all tries for the name', () => {
  const { tries } = setUp()
  expect(tries(100_000, () => ada('203.0.113.9'))).toBe(10)
  expect(tries(20, () => ada('198.51.100.7'))).toBe(10)
})

test.each([
  [
    'all addresses of one /64',
    (index: number) => `2001:db8:1:2:${(index >> 8).toString(16)}::${(index & 255).toString(16)}`,
  ],
  ['one IPv4 address in its IPv6 forms', (index: number) => (index % 2 ? '203.0.113.9' : '::ffff:203.0.113.9')],
  ['spellings of a name', () => '203.0.113.9'],
])('%s count as one', (what, address) => {
  const { tries } = setUp()
  const names = what === 'spellings of a name' ? ['ada', 'ADA ', 'ａｄａ'] : ['ada']
  expect(tries(1_000, (index) => ({ address: address(index), name: names[index % names.length] as string }))).toBe(10)
})

test('one address with made-up names is stopped as well', () => {
  const { tries } = setUp()
  expect(tries(10_000, (index) => ({ address: '203.0.113.9', name: `name ${index}` }))).toBe(30)
})

test('guesses from any number of addresses share one hourly limit, which does not apply to a known browser', () => {
  const { time, tries } = setUp()
  const crowd = (hour: number) => tries(5_000, (index) => ada(`10.${hour}.${index >> 8}.${index & 255}`))
  expect(crowd(0)).toBe(100)
  expect(tries(1, () => ada('198.51.100.7'))).toBe(0)
  expect(tries(1, () => ada('198.51.100.7', 'known'))).toBe(1)
  expect(tries(1, () => ({ address: '198.51.100.7', name: 'grace' }))).toBe(1)
  time.now += HOUR
  expect(crowd(1)).toBe(100)
  time.now += HOUR / 2
  expect(crowd(2)).toBe(60)
})

test('a known browser has no more tries than other browsers', () => {
  const { tries } = setUp()
  expect(tries(1_000, (index) => ada(`10.0.0.${index & 255}`, 'known'))).toBe(10)
})

test('what is given back can be taken again, in every bucket', () => {
  const { rateLimit, tries } = setUp()
  for (let index = 0; index < 1_000; index++) {
    expect(rateLimit.take(ada('203.0.113.9'))).toBe(0)
    rateLimit.giveBack(ada('203.0.113.9'))
  }
  expect(tries(1_000, () => ada('203.0.113.9'))).toBe(10)
})

test('made-up names whose passwords are not checked give nobody more guesses at a name', () => {
  const { rateLimit, tries } = setUp()
  const crowd = () => tries(400, (index) => ada(`10.0.0.${index % 40}`))
  expect(crowd()).toBe(100)
  for (let index = 0; index < 10_050; index++) {
    const madeUp = { address: '203.0.113.9', name: `made up ${index}` }
    expect(rateLimit.take(madeUp)).toBe(0)
    rateLimit.giveBack(madeUp)
  }
  expect(crowd()).toBe(0)
})

test('made-up names whose passwords are checked give nobody more guesses at a name', () => {
  const { tries } = setUp()
  const crowd = () => tries(400, (index) => ada(`10.0.0.${index % 40}`))
  expect(crowd()).toBe(100)
  const networks = (index: number) => `2001:db8:${(index / 30) | 0}::1`
  expect(tries(10_050, (index) => ({ address: networks(index), name: `made up ${index}` }))).toBeGreaterThan(9_000)
  expect(crowd()).toBe(0)
})
