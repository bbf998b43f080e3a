import { expect, test } from 'bun:test'
import { createCompressor } from './compress.ts'

const PAGE = `<p>${'the same again '.repeat(500)}</p>`
const asking = (encodings = 'gzip, br', method = 'GET', path = '/admin') =>
  new Request(`http://localhost${path}`, { method, headers: { 'accept-encoding': encodings } })
const html = (body: string, headers: object = {}, status = 200) =>
  new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } })

test('a page goes compressed to who understands it, and says that it differs', async () => {
  const reply = await createCompressor()(asking(), html(PAGE, { vary: 'HX-Request' }))
  expect([reply.headers.get('content-encoding'), reply.headers.get('vary')]).toEqual([
    'gzip',
    'HX-Request, accept-encoding',
  ])
  const bytes = await reply.bytes()
  expect(bytes.byteLength).toBeLessThan(PAGE.length / 10)
  expect(new TextDecoder().decode(Bun.gunzipSync(bytes))).toBe(PAGE)
})

test.each([
  ['somebody who does not understand it', asking('br'), html(PAGE)],
  ['somebody who wants no body', asking('gzip', 'HEAD'), html(PAGE)],
  ['a short page', asking(), html('<p>short</p>')],
  ['what is compressed already', asking(), html(PAGE, { 'content-encoding': 'gzip' })],
  ['a download', asking(), new Response(PAGE, { headers: { 'content-type': 'text/csv' } })],
  ['a redirection', asking(), html(PAGE, {}, 303)],
])('%s gets it as it is', async (_, request, response) => {
  const before = [...response.headers]
  const body = await response.clone().text()
  const reply = await createCompressor()(request, response)
  expect([...reply.headers]).toEqual(before)
  expect(await reply.text()).toBe(body)
})

test('a file is compressed once', async () => {
  const compress = createCompressor()
  const file = asking('gzip', 'GET', '/assets/a.css')
  const first = await (await compress(file, html(PAGE))).bytes()
  // Nobody changes a file while the server runs; if somebody does, the old one goes on until the next start.
  const second = await (await compress(file, html(`${PAGE} `))).bytes()
  expect(second).toEqual(first)
})
