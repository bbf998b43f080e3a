// Nothing that a client sent gets anywhere but where the config says `keep: keep`: in no file, log, metric, page, answer and export,
// while the server runs, after it was killed, and after it was told to end.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { RESOURCES } from '../src/api/resources.ts'
import { cookieOf, PASSWORD } from './admin-kit.ts'
import { documentsAt, filesIn } from './at-rest.ts'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { KEPT, markedConfig, markersIn, PERSONAL_TOKEN, sendMarkers } from './markers.ts'
import { type Served, serve } from './process.ts'
import { dropStore, stores } from './stores.ts'
import { until } from './until.ts'

const API_TOKEN = 'a-token-for-the-tests'
const asScript = { headers: { authorization: `Bearer ${API_TOKEN}` } }

describe.each(stores)('on %s', (_name, uriOf) => {
  const uri = uriOf()
  const isFile = uri.startsWith('sqlite:')
  let folder: Folder
  let served: Served
  let cookie: string
  const at = (path: string) => `http://localhost:${served.port}${path}`
  const metrics = async () => (await fetch(at('/metrics'))).text()
  const settled = () => until('nothing waits', async () => /^screentrail_events_waiting 0$/m.test(await metrics()))

  beforeAll(async () => {
    folder = await makeFolder(markedConfig(`store: { uri: "${uri}" }\napi: { tokens: [${API_TOKEN}] }`), uri)
    served = await serve(folder)
    cookie = await enter()
  }, 120_000)
  afterAll(async () => {
    await folder.remove()
    await dropStore(uri)
  })

  const enter = async () => {
    const link = () => /setup\?token=(\S+)/.exec(served.output())?.[1] ?? ''
    await until('the link is printed', () => link() !== '')
    const form = { token: link(), name: 'Ada', password: PASSWORD, again: PASSWORD }
    const reply = await fetch(at('/admin/setup'), {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    return cookieOf(reply)
  }
  const page = async (path: string): Promise<[string, string]> => {
    const reply = await fetch(at(path), { headers: { cookie } })
    expect([path, reply.status]).toEqual([path, 200])
    return [path, await reply.text()]
  }
  const answer = async (path: string): Promise<[string, string]> => {
    const reply = await fetch(at(`/api/v1${path}`), asScript)
    expect([path, reply.status]).toEqual([path, 200])
    return [path, await reply.text()]
  }
  const stored = async () => [
    ...(await filesIn(folder.path)),
    ...(isFile ? [] : await documentsAt(uri)),
    ['the log', served.output()] as [string, string],
  ]
  const told = async () => {
    const { sessions } = JSON.parse((await answer('/sessions'))[1]) as { sessions: { id: string }[] }
    const ids = sessions.map(({ id }) => id)
    const questions = RESOURCES.filter(({ path }) => path !== '/sessions/{id}' && !path.includes('drivers'))
    const pages = ['/admin/sessions', '/admin/incidents', '/admin/health', ...ids.map((id) => `/admin/sessions/${id}`)]
    const exports = ['sessions', 'events'].flatMap((what) =>
      ['csv', 'ndjson'].map((format) => `/admin/export/${what}?format=${format}`),
    )
    return [
      ['the metrics', await metrics()] as [string, string],
      ...(await Promise.all([...pages, ...exports].map(page))),
      ...(await Promise.all(questions.map(({ path }) => answer(path.replace('{flow}', 'marked'))))),
      ...(await Promise.all(ids.map((id) => answer(`/sessions/${id}`)))),
    ]
  }
  const expectNone = (places: readonly (readonly [string, string])[]) => {
    expect(places.length).toBeGreaterThan(3)
    expect(places.flatMap(([name, text]) => markersIn(text).map((marker) => `${marker} in ${name}`))).toEqual([])
  }

  test('while it runs, and it finds who is looked for by their token all the same', async () => {
    const statuses = await sendMarkers(clientOf(fetch, folder, at('')), folder, served.port)
    expect([...statuses].filter((status) => status >= 500)).toEqual([])
    await settled()
    expect(await metrics()).toMatch(/^screentrail_events_quarantined 0$/m)

    const [, found] = await answer(`/sessions?token=${PERSONAL_TOKEN}`)
    expect(JSON.parse(found).sessions).toMatchObject([{ flow: 'marked', token: expect.stringMatching(/^h:/) }])
    await page(`/admin/export/sessions?token=${PERSONAL_TOKEN}`)
    expect((await page(`/admin/sessions?token=${PERSONAL_TOKEN}`))[1]).toContain(JSON.parse(found).sessions[0].id)

    const places = [...(await told()), ...(await stored())]
    expectNone(places)
    const keeping = places.filter(([, text]) => text.includes(KEPT)).map(([name]) => name)
    expect(keeping).toContain('/admin/export/events?format=csv')
    expect(keeping.some((name) => (isFile ? /screentrail\.db/ : /^events$/).test(name))).toBe(true)
  }, 120_000)

  test('after it was killed in the middle', async () => {
    await sendMarkers(clientOf(fetch, folder, at('')), folder, served.port)
    await served.kill()
    expectNone(await stored())
  }, 120_000)

  test('after it went on and was told to end', async () => {
    served = await serve(folder)
    await settled()
    expectNone(await told())
    expect(await served.stop()).toBe(0)
    expectNone(await stored())
  }, 120_000)
})
