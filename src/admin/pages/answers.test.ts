// Who answers for a flow: what was learned of it, and how the config compares.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { parse } from 'yaml'
import { logIn } from '../../../test/log-in.ts'
import { startTapped, type Tapped } from '../../../test/tap-kit.ts'

const flowsAt = (url: string) => `
learned:
  tap: { url: "${url}/flow?key=secret" }
compared:
  tap: { url: "${url}/flow", compare: true }
  start: SERVICE
  screens:
    SERVICE:
      data: { services: [{ id: fix, title: Repair }, { id: new, title: New }] }
      fields: { service: { type: choice, in: [fix, new], required: true } }
      next: CONTACT
    CONTACT: { data: { chosen: { expr: known.service } }, next: DONE }
    DONE: { complete: { ref: B-1 } }
partly:
  start: A
  screens: { A: { forward: { url: "http://127.0.0.1:9/a" } } }
plain:
  start: A
  screens: { A: { complete: {} } }
`

let tapped: Tapped
let cookie: string
const send = (path: string, init: RequestInit = {}) =>
  tapped.app.handle(new Request(`http://localhost${path}`, { ...init, headers: { ...init.headers, cookie } }))
const read = async (path: string) => (await send(path)).text()
/** As people read it. */
const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

beforeAll(async () => {
  tapped = await startTapped(flowsAt)
  cookie = ''
  cookie = await logIn({ app: tapped.app, send })
  for (let count = 0; count < 3; count++) {
    await tapped.person('learned').walk()
    await tapped.person('compared').walk()
  }
  await tapped.app.settled()
})
afterAll(() => tapped.stop())

test('is a page of flows that another server answers, and of no other', async () => {
  for (const flow of ['learned', 'compared', 'partly'])
    expect(await read(`/admin/flows/${flow}`)).toContain(`href="/admin/flows/${flow}/answers`)
  expect(await read('/admin/flows/plain')).not.toContain('/answers')
})

test('names the server, without what may be secret in its address', async () => {
  const page = await read('/admin/flows/learned/answers')
  expect(textOf(page)).toMatch(/Your endpoint at localhost:\d+ answers the whole flow/)
  expect(page).not.toContain('key=secret')
  expect(textOf(await read('/admin/flows/partly/answers'))).toContain('Your server at 127.0.0.1:9 answers screen A')
})

test('what was learned, as config to save, which is a config', async () => {
  const page = await read('/admin/flows/learned/answers')
  expect(textOf(page)).toContain('What is learned 3 screens, 3 fields')
  expect(textOf(page)).toContain('screentrail learn learned')
  const saved = await send('/admin/flows/learned/learned.yaml')
  expect(saved.headers.get('content-disposition')).toBe('attachment; filename="learned.yaml"')
  const yaml = await saved.text()
  expect(yaml).not.toContain('#')
  expect(parse(yaml)).toEqual({
    learned: {
      start: 'SERVICE',
      screens: {
        SERVICE: { fields: { service: { type: 'choice' } } },
        CONTACT: { fields: { name: { type: 'text' }, agreed: { type: 'boolean' } } },
        DONE: {},
      },
      funnel: ['SERVICE', 'CONTACT', 'DONE'],
    },
  })
})

test('how the config compares: what is the same, and where it differs, with the newest session', async () => {
  const page = await read('/admin/flows/compared/answers')
  const text = textOf(page)
  expect(text).toContain('9 of 12 answers are the same since')
  expect(text).toMatch(/on opening note only the endpoint sends it 3 /)
  const [, session = ''] = /href="(\/admin\/sessions\/[^"]+)"/.exec(page) ?? []
  expect((await send(session)).status).toBe(200)
})

test('there is nothing to save of a flow whose config has its screens', async () => {
  expect((await send('/admin/flows/plain/learned.yaml')).status).toBe(404)
  expect((await send('/admin/flows/nowhere/answers')).status).toBe(404)
})
