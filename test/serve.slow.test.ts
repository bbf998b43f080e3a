// What only a real socket can show.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdir, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type Client, clientOf, type Folder, makeFolder } from './kit.ts'
import { run, type Served, serve } from './process.ts'
import { until } from './until.ts'

let folder: Folder
let served: Served
let client: Client
beforeAll(async () => {
  folder = await makeFolder()
  served = await serve(folder)
  client = clientOf(fetch, folder, `http://localhost:${served.port}`)
})
afterAll(async () => {
  expect(await served.stop()).toBe(0)
  await folder.remove()
})

const INIT = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'socket' }
const isAlive = async () => (await client.send('repair-booking', INIT)).status === 200

describe('a served flow', () => {
  test('answers in text/plain, as Meta’s client expects', async () => {
    const { sealed } = await client.send('repair-booking', INIT)
    const response = await client.post('repair-booking', sealed.body, { ...sealed.headers })
    expect(response.headers.get('content-type')).toStartWith('text/plain')
    expect(await response.text()).toMatch(/^[A-Za-z0-9+/]+=*$/)
  })

  test('prints the one-time link to the first account', async () => {
    const LINK = /http:\/\/localhost:\d+\/admin\/setup\?token=\S{20,}/
    await until('the link is printed', () => LINK.test(served.output()))
  })

  test.each([
    ['/up', 200],
    ['/ready', 200],
    ['/flows/repair-booking', 405],
    ['/nowhere', 404],
    ['/flows/%E0%A4%A', 405],
  ])('GET %s is %d', async (path, status) => {
    expect((await fetch(`http://localhost:${served.port}${path}`)).status).toBe(status)
  })

  test('refuses a 10 MB body without reading it, whether or not its length is announced', async () => {
    expect((await client.post('repair-booking', 'x'.repeat(10_000_000))).status).toBe(413)
    const stream = new Blob(['x'.repeat(10_000_000)]).stream()
    expect((await client.post('repair-booking', stream as never)).status).toBe(413)
    expect(await isAlive()).toBe(true)
  })

  test('does not let slow large bodies pile up in memory, and answers people meanwhile', async () => {
    const statuses: string[] = []
    const senders = Array.from({ length: 80 }, () => {
      const socket = connect(served.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', (reply) => statuses.push(reply.toString().slice(9, 12)))
      socket.write('POST /flows/repair-booking HTTP/1.1\r\nHost: x\r\nContent-Length: 1300000\r\n\r\n')
      socket.write('x'.repeat(1_290_000))
      return socket
    })
    // 64 MB hold 52 of them; the others give way, and a body that arrives whole makes room for itself.
    await until('28 are turned away', () => statuses.length >= 28)
    expect(await isAlive()).toBe(true)
    expect(new Set(statuses)).toEqual(new Set(['413']))
    const large = { ...INIT, data: { note: 'x'.repeat(900_000) } }
    expect((await client.send('repair-booking', large)).status).toBe(200)
    for (const socket of senders) socket.destroy()
  })

  test.each([
    ['garbage', 'hello\r\n\r\n'],
    ['half a request', 'POST /flows/repair-booking HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"encrypted'],
    ['a lying length', 'POST /flows/repair-booking HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'],
    ['an endless header', `POST /flows/repair-booking HTTP/1.1\r\nX: ${'a'.repeat(200_000)}\r\n\r\n`],
  ])('survives %s on the socket', async (_, bytes) => {
    await new Promise<void>((resolve) => {
      const socket = connect(served.port, '127.0.0.1', () => socket.end(bytes))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      socket.resume()
    })
    expect(await isAlive()).toBe(true)
  })

  test('has made nothing that others can get at, whatever the umask', async () => {
    const open = await makeFolder()
    const loose = await serve(open, ['/bin/sh', '-c', 'umask 0; exec "$0" "$@"'])
    await clientOf(fetch, open, `http://localhost:${loose.port}`).send('repair-booking', INIT)
    const modeOf = async (path: string) => (await stat(join(open.path, path))).mode & 0o777
    const files = await readdir(join(open.path, 'data'))
    expect(files).toEqual(
      expect.arrayContaining(['journal.db', 'journal.db-wal', 'screentrail.db', 'screentrail.db-shm']),
    )
    for (const file of files) expect([file, await modeOf(`data/${file}`)]).toEqual([file, 0o600])
    expect(await modeOf('data')).toBe(0o700)
    await loose.kill()
    await open.remove()
  })

  test('a port in use is said in a sentence', async () => {
    const other = await makeFolder()
    const { code, stderr } = await run(['serve', '--port', String(served.port)], other.path)
    await other.remove()
    expect(code).toBe(1)
    expect(stderr).toContain(`port ${served.port} cannot be listened on`)
  })

  test('so is a folder that is served already', async () => {
    const { code, stderr } = await run(['serve', '--port', '0'], folder.path)
    expect(code).toBe(1)
    expect(stderr).toMatch(/journal\.db is in use by another screentrail process/)
  })
})
