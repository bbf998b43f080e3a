// Clicks every number of every page about a flow: the list that it leads to holds exactly as many sessions. Numbers of visits lead to
// the sessions that the visits are of, which are as many or fewer.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { TrailEvent } from '../src/trail/event.ts'
import { type Api, startApi } from './api-kit.ts'
import { logIn } from './log-in.ts'
import { until } from './until.ts'

const DAYS = 'from=2026-03-02&until=2026-03-04'
const FLOW = '/admin/flows/repair-booking'

const PAGES = [
  `/admin?${DAYS}`,
  `${FLOW}?${DAYS}`,
  `${FLOW}?from=2026-03-03&until=2026-03-03&compare=previous&by=version`,
  `${FLOW}?${DAYS}&by=weekday`,
  `${FLOW}?${DAYS}&by=hour`,
  `${FLOW}?${DAYS}&choice=service:emergency`,
  `${FLOW}?${DAYS}&version=1f3a5c7e`,
  `${FLOW}/screens/SERVICE?${DAYS}`,
  `${FLOW}/screens/DATE?${DAYS}`,
  `${FLOW}/screens/CONFIRM?${DAYS}&version=1f3a5c7e`,
  `${FLOW}/paths?${DAYS}`,
  `${FLOW}/paths?${DAYS}&choice=service:routine`,
]

export function clickEveryNumber(name: string, events: () => TrailEvent[]): void {
  describe(name, () => {
    let api: Api
    let cookie: string
    const counted = new Map<string, number>()

    const read = async (path: string): Promise<string> => {
      const reply = await api.send(path, { headers: { cookie } })
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
      return reply.text()
    }

    beforeAll(async () => {
      api = await startApi({ events: events() })
      cookie = await logIn(api)
      const people = new Set(events().map(({ token }) => token)).size
      await until('the rollups are up to date', async () => {
        const trend = await (await api.ask(`/flows/repair-booking/trend?${DAYS}`)).json()
        return (trend as { total: { sessions: number } }).total.sessions === people
      })
    })
    afterAll(() => api.stop())

    const countOf = async (link: string): Promise<number> => {
      const known = counted.get(link)
      if (known !== undefined) return known
      const text = await read(link.replace('/admin/sessions', '/admin/session-count'))
      const count = Number(/<strong>([\d,]+)<\/strong>/.exec(text)?.[1]?.replaceAll(',', ''))
      counted.set(link, count)
      return count
    }

    test.each(PAGES)(
      '%s',
      async (path) => {
        const numbers = numbersIn(await read(path))
        expect(numbers.length).toBeGreaterThan(3)
        const wrong = []
        for (const { link, count, isOfVisits } of numbers) {
          const found = await countOf(link)
          const isRight = isOfVisits && count > 0 ? found > 0 && found <= count : found === count
          if (!isRight) wrong.push({ link, count, found })
        }
        expect(wrong).toEqual([])
      },
      60_000,
    )
  })
}

type Linked = { readonly link: string; readonly count: number; readonly isOfVisits: boolean }

/** Filters by which a session can count more than once. */
const OF_VISITS = /[?&](?:visit|rule|path|error)=/

/** Links to lists of sessions, with the number that they show or are named by. */
function numbersIn(html: string): Linked[] {
  const links = [...html.matchAll(/<a\b([^>]*)>(.*?)<\/a>/gs)]
  return links.flatMap(([, attributes = '', content = '']): Linked[] => {
    const link = /href="(\/admin\/sessions\?[^"]*)"/.exec(attributes)?.[1]?.replaceAll('&amp;', '&')
    if (link === undefined) return []
    const name = /aria-label="([^"]*)"/.exec(attributes)?.[1] ?? content.replace(/<[^>]*>/g, ' ')
    const number = /(?:^|[^\w.-])(\d[\d,]*)(?![\w.%-])/.exec(name)?.[1]
    if (number === undefined) throw new Error(`a link without a number: ${link} ${name}`)
    return [{ link, count: Number(number.replaceAll(',', '')), isOfVisits: OF_VISITS.test(link) }]
  })
}
