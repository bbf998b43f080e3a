// What strangers can make a server write into its log, on a real socket.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { LINES_PER_MINUTE } from '../src/lib/rate-limited-log.ts'
import { type Folder, makeFolder } from './kit.ts'
import { type Served, serve } from './process.ts'
import { until } from './until.ts'

let folder: Folder
let served: Served
beforeAll(async () => {
  folder = await makeFolder()
  served = await serve(folder)
  await until('it has said all that it says at a start', () => served.output().includes('/admin/setup?token='))
})
afterAll(async () => {
  await served.kill()
  await folder.remove()
})

/** Sends the text and goes away, at once or with the answer. */
const send = (text: string, until: 'sent' | 'answered') =>
  new Promise<string>((resolve) => {
    let answer = ''
    const socket = connect(served.port, '127.0.0.1', () => {
      socket.write(text, () => until === 'sent' && setImmediate(() => socket.destroy()))
    })
    socket.on('data', (chunk) => {
      answer += chunk
      socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })

async function refusals(reason: string): Promise<number> {
  const metrics = await (await fetch(`http://localhost:${served.port}/metrics`)).text()
  return Number(new RegExp(`^screentrail_refusals_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(metrics)?.[1])
}

const logLines = () =>
  served
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))

test('login posts that are broken off are counted, and are no more than a few lines', async () => {
  const post = 'POST /admin/login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n'
  const bodies = [
    'Content-Length: 500\r\n\r\nname=a',
    'Transfer-Encoding: chunked\r\n\r\n5\r\nname=',
    'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
  ]
  const before = logLines().length
  for (let round = 0; round < 100; round++) await Promise.all(bodies.map((body) => send(post + body, 'sent')))
  await until('all are counted', async () => (await refusals('broken_off')) >= 250)
  const lines = logLines().slice(before)
  expect(lines.length).toBeLessThanOrEqual(LINES_PER_MINUTE)
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 30, msg: 'a form did not arrive whole' })
})

test.each(['Host: a b\r\n', 'Host: %%%\r\n', 'Host: :::\r\n', 'Host: [\r\n', 'Host: \r\n', 'Host: x:99999\r\n', ''])(
  'a request with %j for its host is answered, and is no line of the log nor a look at our code',
  async (host) => {
    const before = served.output()
    for (const path of ['/admin', '/admin/login', '/admin/%E0%A4%A', '/nowhere', '/api/v1/flows', '/up', '/assets/x']) {
      const answer = await send(
        `GET ${path} HTTP/1.${host === '' ? 0 : 1}\r\n${host}Connection: close\r\n\r\n`,
        'answered',
      )
      expect(answer).toMatch(/^HTTP\/1\.1 (200|303|400|403|404) /)
      expect(answer).not.toMatch(/\.tsx?\b/)
    }
    expect(served.output()).toBe(before)
  },
)
