import { expect, test } from 'bun:test'
import { clientIp } from './client-ip.ts'

const CASES: readonly (readonly [what: string, forwarded: string | undefined, trusted: number, ip: string])[] = [
  ['without proxies the header is not believed', '6.6.6.6', 0, '10.0.0.9'],
  ['behind one proxy the last hop is the client', '6.6.6.6, 2.2.2.2', 1, '2.2.2.2'],
  ['behind two the one before', '6.6.6.6, 2.2.2.2, 10.0.0.1', 2, '2.2.2.2'],
  ['fewer hops than proxies: the first there is', '2.2.2.2', 3, '2.2.2.2'],
  ['a proxy that adds nothing: the peer', undefined, 1, '10.0.0.9'],
]

test.each(CASES)('%s', (_, forwarded, trusted, ip) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  expect(clientIp(new Request('http://a.test/', { headers }), '10.0.0.9', trusted)).toBe(ip)
})
