import { expect, test } from 'bun:test'
import { isFromOurPages } from './csrf.ts'

const CASES: readonly (readonly [what: string, method: string, headers: Record<string, string>, isOurs: boolean])[] = [
  ['reading asks for no proof', 'GET', { 'sec-fetch-site': 'cross-site' }, true],
  ['a form of ours', 'POST', { 'sec-fetch-site': 'same-origin' }, true],
  ["another site's form", 'POST', { 'sec-fetch-site': 'cross-site' }, false],
  ["a neighbour's subdomain", 'POST', { 'sec-fetch-site': 'same-site' }, false],
  [
    'the browser is believed before the origin',
    'POST',
    { 'sec-fetch-site': 'cross-site', origin: 'http://a.test' },
    false,
  ],
  ['no Sec-Fetch-Site, our origin', 'POST', { origin: 'http://a.test' }, true],
  ['no Sec-Fetch-Site, our host behind a TLS proxy', 'POST', { origin: 'https://A.test' }, true],
  ['no Sec-Fetch-Site, another port', 'POST', { origin: 'http://a.test:8081' }, false],
  ['no Sec-Fetch-Site, a name that only begins like ours', 'POST', { origin: 'http://a.test.evil.test' }, false],
  ['an opaque origin', 'POST', { origin: 'null' }, false],
  ['neither header', 'POST', {}, false],
  ['other methods that change something', 'DELETE', {}, false],
]

test.each(CASES)('%s', (_, method, headers, isOurs) => {
  const request = new Request('http://a.test/admin/logout', { method, headers: { host: 'a.test', ...headers } })
  expect(isFromOurPages(request)).toBe(isOurs)
})
