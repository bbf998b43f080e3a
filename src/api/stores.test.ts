// The API on each store: the same answers.

import { expect, test } from 'bun:test'
import mongoose from 'mongoose'
import { ofPage, startApi } from '../../test/api-kit.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { stores } from '../../test/stores.ts'
import { driversResource } from './drivers.ts'
import { flowsResource } from './flows.ts'
import { funnelResource } from './funnel.ts'
import { incidentsResource } from './incidents.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

test.each(stores)(
  'on %s',
  async (_, uriOf) => {
    const uri = uriOf()
    const api = await startApi({ store: uri, events: pageEvents(10) })
    try {
      const { flows } = await api.tell(flowsResource, '/flows')
      expect(flows[0]?.versions).toEqual([{ version: '1f3a5c7e', sessions: 200 }])
      for (const more of ['by=hour&compare=previous', 'window=365d&by=version']) {
        const { funnel } = await api.tell(funnelResource, ofPage('funnel', more))
        expect(funnel.steps.map(({ reached }) => reached)).toEqual([200, 170, 100, 90])
      }
      const { drivers } = await api.tell(driversResource, ofPage('drivers'))
      expect(drivers[0]?.sentence).toBe('6.4× as likely to leave DATE after service = emergency (n = 70)')

      const first = await api.tell(sessionsResource, '/sessions?ending=completed&limit=60&choice=service:routine')
      const rest = await api.tell(
        sessionsResource,
        `/sessions?ending=completed&limit=60&choice=service:routine&after=${first.next}`,
      )
      expect([first.sessions.length, rest.sessions.length, rest.next]).toEqual([60, 10, undefined])
      const [newest] = first.sessions
      expect(newest && (await api.tell(sessionResource, `/sessions/${newest.id}`)).session).toEqual(newest)
      expect((await api.tell(incidentsResource, '/incidents')).incidents).toEqual([])
    } finally {
      await api.stop()
      if (uri.startsWith('mongodb')) await drop(uri)
    }
  },
  30_000,
)

async function drop(uri: string): Promise<void> {
  const server = await mongoose.createConnection(uri).asPromise()
  await server.dropDatabase()
  await server.close()
}
