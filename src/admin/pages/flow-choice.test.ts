import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Admin, bookedTrail, enter, openAdmin } from '../../../test/admin-kit.ts'
import { START } from '../../../test/arbitrary-events.ts'

const FLOW = '/admin/flows/repair-booking?from=2026-03-02&until=2026-03-02'

let admin: Admin
let cookie: string
beforeAll(async () => {
  admin = await openAdmin()
  await admin.seed(bookedTrail('somebody', START))
  cookie = (await enter(admin)).cookie
})
afterAll(() => admin.close())

const read = async (path: string) => (await admin.get(path, { cookie })).text()

test('with a choice, the page says what is known only of everybody together, and leads there', async () => {
  const html = await read(`${FLOW}&choice=service:routine&by=weekday`)
  expect(html).toContain('are known only of everybody together')
  expect(html).toContain(`<a href="${FLOW.replace('&', '&amp;')}&amp;by=weekday">show it without the choice</a>`)
  expect(html).not.toContain('Median time')
})

test('without a choice, it has all of that', async () => {
  const html = await read(`${FLOW}&by=weekday`)
  for (const shown of ['Median time', 'What to fix first', 'Who completes', 'Time to convert', 'Takes people longest'])
    expect(html).toContain(shown)
  expect(html).not.toContain('only of everybody together')
})

describe('a page that is of everybody', () => {
  const CHOSEN = 'choice=service%3Aroutine'
  const linksIn = (html: string) => [...html.matchAll(/href="(\/admin\/[^"]*)"/g)].map(([, link]) => String(link))

  test.each(['/errors', '/health', '/quality', '/screens/DATE_TIME'])(
    '%s keeps the choice for the others',
    async (rest) => {
      const [page = '', query] = FLOW.split('?')
      const there = linksIn(await read(`${FLOW}&choice=service:routine`)).find((link) =>
        link.startsWith(`${page}${rest}?`),
      )
      expect(there).toContain(CHOSEN)
      const html = await read(`${page}${rest}?${query}&${CHOSEN}`)
      expect(html).not.toContain('service = routine')
      const links = linksIn(html)
      expect(links).toContain(`${page}?${query?.replace('&', '&amp;')}&amp;${CHOSEN}`)
      expect(links.filter((link) => link.startsWith('/admin/sessions') && link.includes('choice'))).toEqual([])
      const textOf = (page: string) => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
      expect(textOf(html)).toBe(textOf(await read(`${page}${rest}?${query}`)))
    },
  )
})

test('the overview has no choice', async () => {
  expect((await admin.get('/admin?choice=service:routine', { cookie })).status).toBe(400)
})
