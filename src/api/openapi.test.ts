// The document describes what there is, and what there is answers as described.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { z } from 'zod'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { NOW, pageEvents } from '../../test/numbers-page.ts'
import { beginExport } from '../store/export-records.ts'
import { PERSON_CALLS } from './person.ts'
import { RESOURCES } from './resources.ts'

type Document = {
  readonly openapi: string
  readonly paths: {
    readonly [path: string]: {
      readonly get: { readonly responses: object; readonly parameters?: readonly { name: string; in: string }[] }
    }
  }
}

let api: Api
let document: Document
beforeAll(async () => {
  api = await startApi({ events: pageEvents(10) })
  await api.client.post('repair-booking', 'no request of a flow')
  await api.client.post('nowhere', '{}')
  await api.app.settled()
  for (const isWhole of [true, false]) {
    const about = { who: 'ada', what: 'sessions', format: 'csv', filters: 'everything' } as const
    const { through, end } = await beginExport(api.app.store, () => NOW, about)
    if (isWhole) for await (const _ of through(oneLine()));
    await end()
  }
  document = (await (await api.ask('/openapi.json')).json()) as Document
})
afterAll(() => api.stop())

async function* oneLine() {
  yield 'a,b\r\n'
}

test('has every resource with all of its parameters, and no other', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual([
    ...RESOURCES.map(({ path }) => path),
    ...PERSON_CALLS.map(({ path }) => path),
    '/openapi.json',
  ])
  for (const { path, parameters } of RESOURCES) {
    const described = (document.paths[path]?.get.parameters ?? []).map((parameter) => [parameter.in, parameter.name])
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ['path', name])
    expect(described).toEqual([...inPath, ...Object.keys(parameters).map((name) => ['query', name])])
  }
})

test('has every status that a resource answers with', () => {
  for (const status of ['400', '401', '403', '404', '429', '500', '503'])
    expect(document.paths['/flows']?.get.responses).toHaveProperty(status)
})

test('points to nothing that it does not have', () => {
  const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? []
  expect([...new Set(references)]).toEqual(['"$ref":"#/components/schemas/Error"'])
})

/** So that each resource has something of everything to tell. */
const RICH: { readonly [path: string]: readonly string[] } = {
  '/flows': ['/flows'],
  '/overview': ['/overview', '/overview?from=2026-03-02&until=2026-03-03'],
  '/flows/{flow}/funnel': ['', 'by=choice:service&compare=previous', 'by=hour', 'window=30s&by=weekday'].map((query) =>
    ofPage('funnel', query),
  ),
  '/flows/{flow}/friction': [ofPage('friction')],
  '/flows/{flow}/paths': [ofPage('paths', 'after=DATE')],
  '/flows/{flow}/drivers': [ofPage('drivers')],
  '/flows/{flow}/latency': [ofPage('latency')],
  '/flows/{flow}/time-to-convert': [ofPage('time-to-convert')],
  '/flows/{flow}/trend': [ofPage('trend')],
  '/flows/{flow}/quality': [ofPage('quality')],
  '/flows/{flow}/errors': [ofPage('errors'), ofPage('errors', 'version=1f3a5c7e'), '/flows/repair-booking/errors'],
  '/flows/{flow}/health': ['/flows/repair-booking/health', '/flows/repair-booking/health?at=2026-03-02T09:14:00Z'],
  '/flows/{flow}/payloads': [ofPage('payloads')],
  '/sessions': [
    '/sessions',
    '/sessions?ending=completed&rule=date/min',
    '/sessions?flow=repair-booking&limit=3&load=3-5s',
  ],
  '/incidents': ['/incidents', '/incidents?category=malformed&limit=1'],
  '/exports': ['/exports'],
  '/flows/{flow}/answers': ['/flows/repair-booking/answers'],
}

test.each(RESOURCES.map((resource) => [resource.path, resource] as const))(
  '%s answers as it says',
  async (path, resource) => {
    const ids = async () => {
      const { sessions } = (await (await api.ask('/sessions?limit=1000')).json()) as { sessions: { id: string }[] }
      return sessions.slice(-25).map(({ id }) => `/sessions/${id}`)
    }
    const questions = path === '/sessions/{id}' ? await ids() : (RICH[path] ?? [])
    expect(questions.length).toBeGreaterThan(0)
    for (const question of questions) {
      const body = await (await api.ask(question)).json()
      expect(z.encode(resource.answer, resource.answer.parse(body))).toEqual(body)
    }
  },
)

test('who wants another shape is not told that it is this one', async () => {
  const body = (await (await api.ask(ofPage('trend'))).json()) as { total: object }
  const trend = RESOURCES.find(({ path }) => path.endsWith('/trend'))
  for (const other of [
    { ...body, more: 1 },
    { ...body, total: { ...body.total, lost: -1 } },
    { ...body, total: {} },
  ])
    expect(trend?.answer.safeParse(other).success).toBe(false)
})
