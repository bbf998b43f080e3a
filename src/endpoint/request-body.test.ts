// Bodies that do not arrive, against one that does.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { type Body, createBodyReader, LARGE_BODIES_BYTES, MAX_BODY_BYTES } from './request-body.ts'

const readBody = createBodyReader()
let reading: Promise<Body>[] = []
let server: ReturnType<typeof Bun.serve>
const sockets: Socket[] = []

beforeAll(() => {
  server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    async fetch(request) {
      const body = readBody(request)
      reading.push(body)
      const read = await body
      return 'bytes' in read ? new Response(String(read.bytes.length)) : new Response(read.detail, { status: 413 })
    },
  })
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await server.stop(true)
})

/** Opens a request, sends so much of its body, and leaves it at that. */
async function sendHalf(head: string, part: Uint8Array): Promise<Socket> {
  const socket = connect(Number(server.port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n`, () => resolve()))
  if (part.length > 0) await new Promise<void>((resolve) => socket.write(part, () => resolve()))
  return socket
}

const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

const post = (body: BodyInit) => fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', body })

const streamOf = (size: number) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(size))
      controller.close()
    },
  })

const LARGE = MAX_BODY_BYTES - 1_000

test.each([
  ['chunked', 'transfer-encoding: chunked', chunk(new Uint8Array(10))],
  ['announced', `content-length: ${LARGE}`, new Uint8Array(10)],
])('a crowd of %s bodies of which little arrives keeps nobody out', async (_, head, part) => {
  for (let idle = 0; idle < 200; idle++) await sendHalf(head, part)
  for (const body of [streamOf(LARGE), new Uint8Array(LARGE)])
    expect(await (await post(body)).text()).toBe(String(LARGE))
})

test.each([
  ['chunked', 'transfer-encoding: chunked', chunk(new Uint8Array(1_300_000))],
  ['announced', `content-length: ${LARGE}`, new Uint8Array(1_300_000)],
])('a crowd of %s bodies of which almost all arrives gives way, the oldest first', async (_, head, part) => {
  reading = []
  const crowd = Math.ceil((LARGE_BODIES_BYTES / 1_300_000) * 2)
  for (let half = 0; half < crowd; half++) await sendHalf(head, part)
  for (const body of [streamOf(LARGE), new Uint8Array(LARGE)])
    expect(await (await post(body)).text()).toBe(String(LARGE))
  const first = await (reading[0] as Promise<Body>)
  expect(first).toEqual({ problem: 'too_large', detail: expect.stringMatching(/gave way/) })
})
