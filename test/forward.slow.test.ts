// The same walks as in flows.test.ts, of flows whose answers come from servers behind `forward:`.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { walkFlows } from './flows-suite.ts'
import { findPython, forwarded, SECRET, startServer } from './forward-kit.ts'
import type { Listening } from './listening.ts'

setDefaultTimeout(120_000)

const python = findPython()
if (python === undefined) console.log('forward.slow.test.ts skipped: no python3')

describe.skipIf(python === undefined)('answered by a server of their own', () => {
  walkFlows(['appointment', 'loan', 'otp'], forwarded(python ?? ''))
})

describe.skipIf(python === undefined)('a server', () => {
  let server: Listening
  beforeAll(async () => {
    server = await startServer(python ?? '', 'otp', 'http://127.0.0.1:9')
  })
  afterAll(() => server.stop())

  const body = JSON.stringify({ action: 'INIT', screen: '', data: {}, flow_token: 't', session: { known: {}, at: {} } })
  const signed = (secret: string, ageSeconds = 0, over = body) => {
    const t = Math.floor(Date.now() / 1000) - ageSeconds
    return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${over}`).digest('hex')}`
  }
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${server.port}/flow`, { method: 'POST', body, headers })).status

  test.each([
    ['answers what is signed', { 'x-screentrail-signature': signed(SECRET) }, 200],
    ['answers what took four minutes', { 'x-screentrail-signature': signed(SECRET, 240) }, 200],
    ['refuses what took six minutes', { 'x-screentrail-signature': signed(SECRET, 360) }, 401],
    ['refuses another secret', { 'x-screentrail-signature': signed('another') }, 401],
    ['refuses the signature of another body', { 'x-screentrail-signature': signed(SECRET, 0, '{}') }, 401],
    ['refuses what is no signature', { 'x-screentrail-signature': 't=1,v1=ü' }, 401],
    ['refuses what is not signed', {}, 401],
  ] satisfies [string, Record<string, string>, number][])('%s', async (_, headers, status) => {
    expect(await statusWith(headers)).toBe(status)
  })
})
