// Several people look at the numbers at the same time, while a script asks for more than it may.

import { expect, test } from 'bun:test'
import { ofPage, withApi } from '../../test/api-kit.ts'
import { logIn } from '../../test/log-in.ts'

test('a team that opens the page of a flow at the same moment sees it, whatever scripts ask', async () => {
  await withApi({}, async (api) => {
    const cookie = await logIn(api)
    const scripts = Array.from({ length: 40 }, () => api.ask(ofPage('funnel')))
    const team = Array.from({ length: 30 }, () =>
      api.send('/admin/flows/repair-booking?from=2026-03-02&until=2026-03-03', { headers: { cookie } }),
    )
    const statuses = (replies: readonly Response[]) => [...new Set(replies.map(({ status }) => status))].sort()
    expect(statuses(await Promise.all(team))).toEqual([200])
    expect(statuses(await Promise.all(scripts))).toEqual([200, 503])
  })
})
