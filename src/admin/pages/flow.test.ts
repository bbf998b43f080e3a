// The page of a flow, and the pages beside it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Api, startApi, withApi } from '../../../test/api-kit.ts'
import { logIn } from '../../../test/log-in.ts'
import { NOW, pageEvents } from '../../../test/numbers-page.ts'
import { sha256 } from '../../lib/ids.ts'

const DAYS = 'from=2026-03-02&until=2026-03-04'

/** The people of docs/numbers.md, in the flow of the config and in one that was there last year. */
let api: Api
let cookie: string
beforeAll(async () => {
  const events = pageEvents()
  const earlier = events.map((event) => ({ ...event, id: sha256(`earlier ${event.id}`), flow: 'last-year' }))
  api = await startApi({ events: [...events, ...earlier] })
  await api.app.rolledUp()
  cookie = await logIn(api)
})
afterAll(() => api.stop())

const get = (path: string) => api.send(path, { headers: { cookie } })
const read = async (path: string) => (await get(path)).text()
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

describe('a flow that the config has no more', () => {
  const GONE = '/admin/flows/last-year'

  test('has its page, without the funnel, and says why', async () => {
    expect(await read(`/admin?${DAYS}`)).toContain(`href="${GONE}?from=`)
    for (const more of ['', '&choice=service:emergency', '&by=hour', '&compare=previous']) {
      const page = await get(`${GONE}?${DAYS}${more}`)
      const html = await page.text()
      expect(page.status).toBe(200)
      expect(html).toContain('The config has no such flow any more, so there are no steps.')
      for (const id of ['the-map', 'trend', ...(more.startsWith('&choice') ? [] : ['fix-first', 'convert'])])
        expect(html).toContain(`id="${id}"`)
      for (const absent of ['id="funnel"', 'id="breakdown"', 'With the days before', 'never reached the first step'])
        expect(html).not.toContain(absent)
      expect(textOf(html)).toMatch(/Sessions \d+ Completed \d+ of/)
    }
    expect(await read(`/admin/flows/repair-booking?${DAYS}`)).not.toContain('no such flow any more')
  })

  test.each(['/paths', '/errors', '/health', '/quality', '/screens/DATE'])('has its page %s', async (rest) => {
    expect((await get(`${GONE}${rest}?${DAYS}`)).status).toBe(200)
  })

  test('is what is wrong with it, and none of its screens', async () => {
    const text = textOf(await read(`${GONE}/quality?${DAYS}`))
    expect(text).toContain('The config does not have this flow')
    expect(text).toContain('under `flows` in the config')
    expect(text).not.toContain('which the config does not have')
    expect(text).not.toContain('under `screens`')
  })
})

test('a step of several screens has the median of all their visits, and leads to each screen', async () => {
  // One visit to CONFIRM of 5 seconds, three to EMERGENCY of 45.
  const events = pageEvents(3)
    .filter(({ token }) => ['5-0', '5-1', '5-2', '6-0'].includes(token))
    .map((event) => ({ ...event, at: event.at + (event.screen === 'EMERGENCY' ? 40_000 : 0) }))
  await withApi({ events }, async (four) => {
    await four.app.rolledUp()
    const headers = { cookie: await logIn(four) }
    const html = await (await four.send(`/admin/flows/repair-booking?${DAYS}`, { headers })).text()
    const [, row = ''] = html.split('funnel-rows')[1]?.split('<li class="funnel-row">').slice(-2) ?? []
    const [label = ''] = row.split('<svg')
    expect(textOf(label).trim()).toBe('CONFIRM or EMERGENCY')
    for (const screen of ['CONFIRM', 'EMERGENCY'])
      expect(label).toContain(`href="/admin/flows/repair-booking/screens/${screen}?`)
    expect(textOf(row)).toContain('Median time 45 s')
  })
})

describe('a comparison on Wednesday at 12:00', () => {
  const pageOf = async (query: string) => textOf(await read(`/admin/flows/repair-booking?${query}`))
  const compared = (query: string) => pageOf(`${query}&compare=previous`)
  const shown = (text: string) => /(\d[^.]*?2026) UTC/.exec(text)?.[1]
  const NOT_OVER = 'is not over: what has come so far is compared with the whole of'

  test.each([
    ['period=7d', '25 Feb – 3 Mar 2026'],
    ['period=month', '1 – 3 Mar 2026'],
    ['period=yesterday', '3 Mar 2026'],
    ['from=2026-03-02&until=2026-03-03', '2 – 3 Mar 2026'],
  ])('of %s is of days that are over', async (period, days) => {
    const text = await compared(period)
    expect(shown(text)).toContain(days)
    expect(text).not.toContain(NOT_OVER)
  })

  test.each([
    ['period=today', `4 Mar 2026 ${NOT_OVER} 3 Mar 2026.`],
    ['from=2026-03-03&until=2026-03-04', `3 – 4 Mar 2026 ${NOT_OVER} 1 – 2 Mar 2026.`],
  ])('of %s says that they are not', async (period, sentence) => {
    expect(await compared(period)).toContain(sentence)
    expect(await compared(`${period}&choice=service:routine`)).toContain(sentence)
  })

  test('on the first day of a month has nothing else of the month', async () => {
    api.time.now = Date.UTC(2026, 2, 1, 12)
    expect(await compared('period=month')).toContain(`1 Mar 2026 ${NOT_OVER} 28 Feb 2026.`)
    api.time.now = NOW
  })

  test('only of what is compared', async () => {
    expect(await pageOf('period=today')).not.toContain(NOT_OVER)
  })
})

test('who completes has a row of those who made no choice, and the rows add up', async () => {
  const html = await read(`/admin/flows/repair-booking?${DAYS}`)
  const table = html.split('breakdown-table')[1]?.split('</table>')[0] ?? ''
  const rows = [...table.matchAll(/<tr>.*?<\/tr>/gs)].map(([row]) => textOf(row).trim()).slice(1)
  expect(rows.map((row) => row.match(/^([a-z ]+?) (\d+) /)?.slice(1))).toEqual([
    ['routine', '10'],
    ['emergency', '7'],
    ['no choice', '3'],
  ])
  expect(html).not.toContain(SEVERAL)
})

const SEVERAL = 'Who chose several options is in the group of each'

describe('a version', () => {
  const FLOW = '/admin/flows/repair-booking'

  test('is none of the overview', async () => {
    const page = await get('/admin?version=nope')
    expect(page.status).toBe(400)
    expect(textOf(await page.text())).toContain('version')
  })

  test('stays in the links of the health of a flow, which is not of one version', async () => {
    const html = await read(`${FLOW}/health?version=nope&${DAYS}`)
    expect(html).not.toContain('version nope')
    expect(html).toContain(`href="${FLOW}?${DAYS.replace('&', '&amp;')}&amp;version=nope"`)
    expect(await read(`${FLOW}?version=nope&${DAYS}`)).toContain('version nope')
  })
})
