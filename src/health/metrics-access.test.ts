import { expect, test } from 'bun:test'
import { allowScraper } from './metrics-access.ts'

const request = (headers: Record<string, string> = {}) => new Request('http://localhost/metrics', { headers })

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.5', false],
  ['172.17.0.1', false],
  ['203.0.113.9', false],
  ['::ffff:203.0.113.9', false],
  ['127.0.0.1.evil.example', false],
  ['fe80::1', false],
  ['', false],
  [undefined, false],
])('without a token, the address %p may read the metrics: %p', (ip, isAllowed) => {
  expect(allowScraper()(request(), ip)).toBe(isAllowed)
})

test.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])(
  'a request that a proxy on this machine hands on, with %s, is not from this machine',
  (header) => {
    expect(allowScraper()(request({ [header]: '127.0.0.1' }), '127.0.0.1')).toBe(false)
  },
)

test.each([
  ['Bearer s3cret-s3cret', true],
  ['Bearer s3cret-s3cret2', false],
  ['Bearer ', false],
  ['s3cret-s3cret', false],
  ['Basic s3cret-s3cret', false],
  ['Bearer undefined', false],
])('with a token, %p from elsewhere may read the metrics: %p', (authorization, isAllowed) => {
  expect(allowScraper('s3cret-s3cret')(request({ authorization }), '203.0.113.9')).toBe(isAllowed)
  expect(allowScraper()(request({ authorization }), '203.0.113.9')).toBe(false)
})
