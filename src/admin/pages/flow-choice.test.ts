import { afterAll, beforeAll, expect, test } from 'bun:test'
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
