// What was learned of a tapped flow outlives the process that learned it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { clientOf } from '../../test/kit.ts'
import { startTapped, type Tapped } from '../../test/tap-kit.ts'
import { createApp } from '../app.ts'
import { createLog } from '../lib/log.ts'

let tapped: Tapped
beforeAll(async () => {
  tapped = await startTapped((url) => `bare:\n  tap: { url: "${url}/flow" }`)
})
afterAll(() => tapped.stop())

test('is known from the first request on; a choice stays one, though nobody knows any more what was offered', async () => {
  for (let count = 0; count < 4; count++) await tapped.person('bare').walk()
  await tapped.app.settled()
  await tapped.app.stop()
  const app = await createApp(await tapped.folder.load(), { log: createLog('silent') })
  const client = clientOf((request) => app.handle(request), tapped.there.folder)
  const send = (action: string, screen: string, data: { service?: string }) =>
    client.send('bare', { version: '3.0', action, screen, data, flow_token: 'later' })
  // Not offered by this process yet.
  await send('data_exchange', 'SERVICE', { service: 'fix' })
  await send('INIT', '', {})
  await send('data_exchange', 'SERVICE', { service: 'new' })
  await app.settled()
  const events = await app.store.eventsOf('bare', 'later')
  expect(events.map(({ screen, input }) => [screen, input])).toEqual([
    ['SERVICE', { service: { $length: 3 } }],
    ['', {}],
    ['SERVICE', { service: 'new' }],
  ])
  await app.stop()
})
