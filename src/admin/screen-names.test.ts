// Wherever a page names a screen, it is by the title that the Flow JSON has.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, startApi } from '../../test/api-kit.ts'
import { logIn } from '../../test/log-in.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { ARABIC_TITLE, LONG_TITLE, titledFlowJson } from '../../test/titled-flow-json.ts'

let api: Api
let cookie: string
beforeAll(async () => {
  api = await startApi({ events: pageEvents(10), flowJson: titledFlowJson })
  cookie = await logIn(api)
})
afterAll(() => api.stop())

const FLOW = '/admin/flows/repair-booking'
const DAYS = 'from=2026-03-02&until=2026-03-04'

const read = async (path: string) => (await api.send(path, { headers: { cookie } })).text()

/** What can be read, also by pointing at it in a chart; without the ids that stand beside a title. */
const textOf = (html: string): string =>
  html
    .replace(/<span class="screen-id">.*?<\/span>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

/** Screens with a title, but where it is told apart from another by the id: `One moment (HELP)`. */
const BARE_ID = /(?<!\()\b(DATE|HELP|CONTACT|CONFIRM|EMERGENCY)\b/

const PAGES: readonly [name: string, path: string, ...told: string[]][] = [
  ['overview', `/admin?${DAYS}`, 'left at Date & time', 'Date & time 60 of'],
  [
    'flow',
    `${FLOW}?${DAYS}`,
    `${ARABIC_TITLE}\u2069 or One moment (EMERGENCY)`,
    `Lost at ${LONG_TITLE}`,
    'left at Date & time',
  ],
  ['flow, compared', `${FLOW}?from=2026-03-03&until=2026-03-03&compare=previous&by=version`, 'Date & time'],
  ['screen', `${FLOW}/screens/DATE?${DAYS}`, 'repair-booking Date & time', 'One moment (HELP)'],
  ['screen, nobody', `${FLOW}/screens/DATE?period=today`, 'repair-booking Date & time'],
  ['paths', `${FLOW}/paths?${DAYS}&after=DATE`, 'from Date & time on', 'One moment (HELP)'],
  ['errors', `${FLOW}/errors?${DAYS}`, 'Date & time'],
  ['quality', `${FLOW}/quality?${DAYS}`, 'To One moment (HELP) people were taken'],
  ['sessions', '/admin/sessions?flow=repair-booking&path=DATE,CONTACT', `went Date & time → ${LONG_TITLE}`],
  ['sessions of all flows', '/admin/sessions?screen=DATE', 'visited Date & time', 'Date & time (DATE)'],
]

test.each(PAGES)('%s', async (_, path, ...told) => {
  const text = textOf(await read(path))
  for (const each of told) expect(text).toContain(each)
  expect(BARE_ID.exec(text)?.[0]).toBeUndefined()
})

test('one session', async () => {
  const list = await read('/admin/sessions?ending=completed&exit=CONFIRM')
  const text = textOf(await read(/href="(\/admin\/sessions\/[^"?]+)/.exec(list)?.[1] as string))
  for (const each of ['Date & time', LONG_TITLE, ARABIC_TITLE]) expect(text).toContain(each)
  expect(BARE_ID.exec(text)?.[0]).toBeUndefined()
})

test('live', async () => {
  const flow_token = 'somebody'
  await api.client.send('repair-booking', { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token })
  const answers = { service: 'routine' }
  await api.client.send('repair-booking', {
    ...{ version: '3.0', action: 'data_exchange', screen: 'SERVICE', data: answers, flow_token },
  })
  const text = textOf(await read('/admin/live'))
  expect(text).toContain('Date & time')
  expect(BARE_ID.exec(text)?.[0]).toBeUndefined()
})

test('the id can be found beside the title', async () => {
  expect(await read(`${FLOW}/screens/DATE?${DAYS}`)).toContain('<span class="screen-id">DATE</span>')
  expect(await read(`${FLOW}/paths?${DAYS}`)).toContain('<span class="screen-id">CONTACT</span>')
  expect(await read(`${FLOW}?${DAYS}`)).toContain('title="DATE"')
})
