// People go back on their phones where the Flow JSON asks nobody: told as Back, and with what would let the endpoint see it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { frictionResource, pathsResource, qualityResource } from '../src/api/resources.ts'
import { sessionResource } from '../src/api/session.ts'
import { sessionsResource } from '../src/api/sessions.ts'
import { type Api, ofPage, startApi } from './api-kit.ts'
import { logIn } from './log-in.ts'
import { pageEvents, prose } from './numbers-page.ts'

let api: Api
let cookie: string
beforeAll(async () => {
  api = await startApi({ events: pageEvents(3).filter(({ action }) => action !== 'back') })
  cookie = await logIn(api)
})
afterAll(() => api.stop())

/** As people read it. */
async function read(path: string): Promise<string> {
  const html = await (await api.send(path, { headers: { cookie } })).text()
  return html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
}

const listed = async (query: string) =>
  (await api.tell(sessionsResource, `/sessions?screen=DATE&${query}`)).sessions.map(({ id }) => id)

test('it is no move of another kind, and its sessions are listed', async () => {
  const { screens } = await api.tell(frictionResource, ofPage('friction'))
  const date = screens.find(({ screen }) => screen === 'DATE')
  expect(date).toMatchObject({ shown: 57, backs: 3, unseenBacks: 3 })
  expect(screens.filter(({ inferred }) => inferred > 0).map(({ screen }) => screen)).toEqual(['HELP'])
  const backs = await listed('visit=unseen_back')
  expect(backs).toHaveLength(3)
  expect(await listed('visit=back')).toEqual(backs)
  expect(await read(`/admin/sessions?screen=DATE&visit=unseen_back`)).toContain('a visit there: unseen back')
  // The phone of session 16 went from DATE to HELP.
  expect(backs).not.toContain((await listed('visit=moved'))[0])
})

test('it is the same way on the map as Back that asks', async () => {
  const { links } = await api.tell(pathsResource, ofPage('paths'))
  expect(links).toContainEqual({ from: 'DATE', to: 'SERVICE', count: 6 })
})

test('the screen is named with its remedy', async () => {
  const { findings } = await api.tell(qualityResource, ofPage('quality'))
  expect(findings.map(({ kind, screens }) => [kind, screens])).toEqual([
    ['inferred_screens', ['HELP']],
    ['unseen_backs', ['DATE']],
  ])
  expect(prose).toContain('3 of its 57 visits would have ended so, which is a finding about DATE')
  const page = await read('/admin/flows/repair-booking/quality?from=2026-03-02&until=2026-03-03')
  expect(page).toContain('On DATE people went back on their phones, which told nobody')
  expect(page).toContain('set &quot;refresh_on_back&quot;: true on DATE')
})

test('the session says it in words', async () => {
  const [id] = await listed('visit=unseen_back')
  const { session, visits } = await api.tell(sessionResource, `/sessions/${id}`)
  expect(session.counts.backs).toBe(0)
  expect(visits.map(({ screen, showing, end }) => [screen, showing, end]).slice(0, 4)).toEqual([
    ['SERVICE', 'seen', 'submitted'],
    ['DATE', 'seen', 'unseen_back'],
    ['SERVICE', 'returned', 'submitted'],
    ['DATE', 'seen', 'submitted'],
  ])
  const page = await read(`/admin/sessions/${id}`)
  expect(page).toContain('went back on the phone, which told nobody')
  expect(page).toContain('shown again by the phone')
})
