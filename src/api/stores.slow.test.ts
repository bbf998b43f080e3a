// The API on each store: the same answers.

import { expect, test } from 'bun:test'
import mongoose from 'mongoose'
import { ofPage, startApi } from '../../test/api-kit.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { refusedAt } from '../../test/received.ts'
import { stores } from '../../test/stores.ts'
import { driversResource } from './drivers.ts'
import { funnelResource } from './funnel.ts'
import { incidentsResource } from './incidents.ts'
import { errorsResource, flowsResource, healthResource, payloadsResource } from './resources.ts'
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

      const refused = ['2026-03-02T08:59:59Z', '2026-03-02T09:00:00Z', '2026-03-02T09:20:00Z'].map((instant) =>
        refusedAt(instant, { count: 25 }),
      )
      await api.app.store.addIncidents(refused, 2)
      const { total, points, breakdown, incidentsSince } = await api.tell(errorsResource, ofPage('errors'))
      expect([incidentsSince, total.answered, total.refused]).toEqual(['2026-03-02T09:00:00.001Z', 710, null])
      expect(points.slice(9, 11)).toMatchObject([
        { answered: 400, errors: { validation: 30 }, refused: null },
        { answered: 0, refused: { decrypt_failed: 0 } },
      ])
      expect(breakdown.validation[0]).toEqual({ screen: 'DATE', field: 'date', rule: 'min', n: 20 })
      const { now } = await api.tell(healthResource, '/flows/repair-booking/health?at=2026-03-02T09:34:00Z')
      expect([now.endpointErrors?.refused.decrypt_failed, now.endpointErrors?.level]).toEqual([25, '5%'])
      expect(now.latencyMs).toMatchObject({ p90: 100, level: 'ok' })
      const { screens } = await api.tell(payloadsResource, ofPage('payloads'))
      expect(screens[0]).toMatchObject({ screen: '', request: { n: 210, max: 612 }, reply: { n: 0 } })
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
