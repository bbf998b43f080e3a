// People who make up every name that they can, on each store: whatever is asked, the answer is short, and nobody is missing in it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Api, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { madeUpEvents } from '../../test/high-cardinality.ts'
import { NOW, RULES } from '../../test/numbers-page.ts'
import { refreshAll } from '../../test/store-contract/session-rollups.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { withRollups } from '../../test/with-rollups.ts'
import { sha256 } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { OTHER } from '../rollup/limits.ts'
import { total, totalOf } from '../stats/counts.ts'
import { openQueryStore } from '../store/open.ts'
import { funnelResource } from './funnel.ts'
import {
  errorsResource,
  flowsResource,
  frictionResource,
  pathsResource,
  payloadsResource,
  qualityResource,
  RESOURCES,
} from './resources.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

const MEGABYTE = 1_000_000
const PEOPLE = 800
const PERIOD = 'from=2026-03-01&until=2026-03-04'

/** What each resource can be asked, that makes its answer longer. */
const QUESTIONS: { readonly [name: string]: readonly string[] } = {
  funnel: ['', 'by=version', 'by=weekday', 'by=hour', 'by=choice:service'].flatMap((by) =>
    ['', 'compare=previous', 'window=1d'].map((more) => `${by}&${more}`),
  ),
  sessions: ['limit=1000'],
  incidents: ['limit=1000'],
}

describe.each(stores)('on %s', (_, uriOf) => {
  const uri = uriOf()
  let api: Api
  beforeAll(async () => {
    api = await startApi({ store: uri, events: [] })
    const made = [...madeUpEvents({ people: PEOPLE, names: 700, versions: 110, tail: ' 🦊\u0001'.repeat(10) })]
    const rules = { flows: { 'repair-booking': RULES }, otherwise: RULES }
    for (let at = 0; at < made.length; at += 3_000) await api.app.store.record(made.slice(at, at + 3_000), rules)
    const { config } = await api.folder.load()
    const store = withRollups(await openQueryStore(config.store.uri, createLog('silent')))
    await refreshAll(store)
    await store.close()
  }, 240_000)
  afterAll(async () => {
    await api.stop()
    await dropStore(uri)
  })

  test.each(RESOURCES.map(({ path }) => path).filter((path) => path !== '/sessions/{id}'))(
    '%s answers within a megabyte',
    async (path) => {
      const name = path.split('/').at(-1) as string
      for (const query of QUESTIONS[name] ?? ['']) {
        const asked = [
          /health|incidents|sessions|exports|answers/.test(path) ? '' : PERIOD,
          ...query.split('&'),
        ].filter(Boolean)
        const reply = await api.ask(`${path.replace('{flow}', 'repair-booking')}?${asked.join('&')}`)
        expect([query, reply.status]).toEqual([query, 200])
        expect((await reply.bytes()).length).toBeLessThan(MEGABYTE)
      }
    },
    60_000,
  )

  const about = (resource: string, query = '') => `/flows/repair-booking/${resource}?${PERIOD}${query && `&${query}`}`

  test('everybody is in a breakdown, told apart or not', async () => {
    for (const by of ['version', 'choice:service', 'choice:service&window=1d']) {
      const { n, funnel, breakdown = [] } = await api.tell(funnelResource, about('funnel', `by=${by}`))
      expect([n, funnel.started, funnel.completion.of]).toEqual([PEOPLE, PEOPLE, PEOPLE])
      expect(total(breakdown.map((line) => line.n))).toBe(PEOPLE)
      expect(breakdown.filter(({ isOther }) => isOther)).toMatchObject([{ value: OTHER }])
    }
    const [flow] = (await api.tell(flowsResource, `/flows?${PERIOD}`)).flows
    expect(total((flow?.versions ?? []).map(({ sessions }) => sessions))).toBe(PEOPLE)
    expect(flow?.versions[0]?.version).toBe(OTHER)
  })

  test('nobody is lost on the path from screen to screen', async () => {
    const { screens } = await api.tell(frictionResource, about('friction'))
    expect(screens.length).toBe(201)
    expect(total(screens.map(({ lost }) => lost))).toBe(PEOPLE)
    expect(screens.find(({ screen }) => screen === 'DATE')).toMatchObject({ sessions: PEOPLE, refusedFields: PEOPLE })
    expect(total(screens.map(({ refusedFieldsBy }) => totalOf(refusedFieldsBy)))).toBe(PEOPLE)
    const { sessions, links, places } = await api.tell(pathsResource, about('paths'))
    expect(sessions).toBe(PEOPLE)
    expect(total(places.map(({ exits }) => exits.lost))).toBe(PEOPLE)
    expect(total(links.map(({ count }) => count))).toBe(total(places.map(({ out }) => out)))
    for (const { entries, in: into, out, exits } of places) expect(entries + into).toBe(out + exits.lost)
    const { findings } = await api.tell(qualityResource, about('quality'))
    expect(findings.find(({ kind }) => kind === 'unknown_screens')?.screens).toContain(OTHER)
  })

  test('every error is in the breakdown of its category, every request among the payloads', async () => {
    const { breakdown, total: faults } = await api.tell(errorsResource, about('errors'))
    const of = (rows: readonly { readonly n: number }[]) => total(rows.map(({ n }) => n))
    expect([of(breakdown.validation), of(breakdown.client), of(breakdown.upstream), of(breakdown.internal)]).toEqual([
      PEOPLE,
      PEOPLE,
      PEOPLE,
      PEOPLE,
    ])
    const { screens } = await api.tell(payloadsResource, about('payloads'))
    expect(total(screens.map(({ request }) => request.n))).toBe(faults.answered)
  })

  test('a value that is not told apart is none that nobody chose', async () => {
    const { breakdown = [] } = await api.tell(funnelResource, about('funnel', 'by=choice:service'))
    const told = breakdown.filter(({ isOther }) => !isOther).map(({ value }) => String(value))
    const [known = ''] = told
    const { n } = await api.tell(funnelResource, about('funnel', `choice=${encodeURIComponent(`service:${known}`)}`))
    expect(n).toBe(breakdown[0]?.n ?? 0)
    for (const resource of ['funnel', 'paths', 'trend']) {
      const reply = await api.ask(about(resource, 'choice=service:value-unheard-of'))
      expect([resource, reply.status, await reply.text()]).toEqual([
        resource,
        400,
        expect.stringContaining('not told apart'),
      ])
    }
  })

  test('pages of sessions reach each of them', async () => {
    let found = 0
    let after = ''
    do {
      const { sessions, next } = await api.tell(sessionsResource, `/sessions?limit=1000${after}`)
      found += sessions.length
      after = next === undefined ? '' : `&after=${next}`
    } while (after !== '')
    expect(found).toBe(PEOPLE)
  })

  test('one who goes to and fro for long, and sends much, is told from the beginning', async () => {
    const token = 'to and fro'
    const [DATE, CONTACT] = ['DATE', 'CONTACT']
    const events = Array.from({ length: 1_900 }, (_, index) =>
      eventOf({
        id: sha256(`${token} ${index}`),
        token,
        at: NOW + index * 1_000,
        screen: index % 2 ? CONTACT : DATE,
        next: index % 2 ? DATE : CONTACT,
        fingerprint: String(index),
        input: { note: 'x'.repeat(index < 1_200 ? 2_000 : 10) },
      }),
    )
    await api.app.store.record(events, { flows: {}, otherwise: RULES })
    const [line] = (await api.tell(sessionsResource, `/sessions?token=${encodeURIComponent(token)}`)).sessions
    const reply = await api.ask(`/sessions/${line?.id}`)
    const text = await reply.text()
    expect(text.length).toBeLessThan(MEGABYTE)
    const told = sessionResource.answer.parse(JSON.parse(text))
    expect(told.isCut).toBe(true)
    expect(told.session.counts.events).toBe(1_900)
    expect([told.visits.length > 500, told.visits.length <= 1_000, told.events.length > 150]).toEqual([
      true,
      true,
      true,
    ])
    expect(told.events.map(({ id }) => id)).toEqual(events.slice(0, told.events.length).map(({ id }) => id))
  })
})
