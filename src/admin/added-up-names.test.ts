// People make up more screens than are told apart; the others are added up as one.

import { expect, test } from 'bun:test'
import { withApi } from '../../test/api-kit.ts'
import { madeUpEvents } from '../../test/high-cardinality.ts'
import { logIn } from '../../test/log-in.ts'

test('screens that are added up stand among the neighbours of a screen without a link, as they have no page', async () => {
  await withApi({ events: [...madeUpEvents({ people: 300, names: 300 })] }, async (api) => {
    await api.app.rolledUp()
    const page = await api.send('/admin/flows/repair-booking/screens/DATE', { headers: { cookie: await logIn(api) } })
    const text = await page.text()
    expect(text).toContain('>(other)</span>')
    expect(text).not.toContain('href=""')
  })
})
