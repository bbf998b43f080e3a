import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Admin, bookedTrail, enter, openAdmin } from '../../test/admin-kit.ts'
import { START } from '../../test/arbitrary-events.ts'

const FLOW = '/admin/flows/repair-booking'

let admin: Admin
let cookie: string
beforeAll(async () => {
  admin = await openAdmin()
  cookie = (await enter(admin)).cookie
})
afterAll(() => admin.close())

const read = async (path: string) => {
  const reply = await admin.get(path, { cookie })
  return { status: reply.status, html: await reply.text() }
}

// In this order: the flow is empty at first.
test.each([FLOW, `${FLOW}/paths`, `${FLOW}/screens/DATE_TIME`])('%s, where nobody ever came', async (path) => {
  const { status, html } = await read(path)
  expect(status).toBe(200)
  expect(html).toContain('Nobody has opened this flow yet')
  expect(html).toContain('<code class="endpoint">http://localhost:8080/flows/repair-booking</code>')
  expect(html).not.toContain('No session matches')
})

test.each([FLOW, `${FLOW}/paths`, `${FLOW}/screens/DATE_TIME`])(
  '%s, where nobody came in the period, leads to the last days with sessions',
  async (path) => {
    await admin.seed(bookedTrail('somebody', START))
    const { html } = await read(`${path}?from=2026-03-04&until=2026-03-04`)
    expect(html).toContain('Nobody came in this period')
    const [, href = ''] =
      html.match(/The last sessions are of 3 Feb – 2 Mar 2026\..*?<a class="btn" href="([^"]+)">/s) ?? []
    expect(href).toBe(`${path}?from=2026-02-03&amp;until=2026-03-02`)
    expect((await read(href.replace('&amp;', '&'))).html).not.toContain('Nobody came in this period')
  },
)

test.each([
  [FLOW, 'choice=service:nothing', 'service = nothing'],
  [FLOW, 'version=0000', 'version 0000'],
  [`${FLOW}/paths`, 'choice=service:nothing', 'service = nothing'],
])('%s?%s names the filter, and leads to the page without', async (path, filter, words) => {
  const { html } = await read(`${path}?from=2026-03-02&until=2026-03-02&${filter}`)
  expect(html).toContain('No session matches')
  expect(html).toContain(`Asked for: ${words}.`)
  expect(html).toContain(
    `<a class="btn" href="${path}?from=2026-03-02&amp;until=2026-03-02">Show it without filters</a>`,
  )
})

test('a list without sessions names its filters', async () => {
  const { html } = await read('/admin/sessions?ending=lost&exit=NOWHERE')
  expect(html).toContain('Asked for: lost, last on NOWHERE.')
})

test('a screen that neither the flow has nor anybody saw is not there', async () => {
  const { status, html } = await read(`${FLOW}/screens/NOPE`)
  expect(status).toBe(404)
  expect(html).toContain('Flow repair-booking has no screen NOPE, and nobody has seen one in the last')
})
