// More bad requests than are worth keeping.

import { describe, expect, test } from 'bun:test'
import { configWith, startApp } from '../../test/kit.ts'
import { createApp } from '../app.ts'
import { createLog } from '../lib/log.ts'

const FLOWS = `
booking: { start: ONLY, screens: { ONLY: { complete: {} } } }
guarded: { start: ONLY, screens: { ONLY: { complete: {} } } }
`

describe('a flood of bad requests', () => {
  test('is counted in full while only a few of each minute are kept', async () => {
    const flooded = await startApp({ config: configWith(FLOWS), clock: () => 1_800_000_000_000 })
    for (let index = 0; index < 100; index++) await flooded.client.post('booking', 'x')
    const { store } = flooded.app
    const reopened = flooded.folder.load()
    await flooded.app.settled()
    expect((await store.incidents({ limit: 500 })).items).toHaveLength(30)
    // The others are counted once the minute is over, or when the process ends.
    expect(await store.incidentCounts()).toEqual({ bad_signature: 30 })
    await flooded.app.stop()
    const again = await createApp(await reopened, { log: createLog('silent') })
    expect(await again.store.incidentCounts()).toEqual({ bad_signature: 100 })
    await again.stop()
    await flooded.folder.remove()
  })

  test('is told by flow, in the minute it came', async () => {
    const time = { now: 1_799_999_999_000 }
    const flooded = await startApp({ config: configWith(FLOWS), clock: () => time.now })
    for (const flow of ['booking', 'guarded'])
      for (let index = 0; index < 50; index++) await flooded.client.post(flow, 'x')
    for (let index = 0; index < 50; index++) await flooded.client.post(`nowhere-${index}`, 'x')
    time.now += 3 * 60_000
    await flooded.client.post('booking', 'x')
    await flooded.client.post('nowhere', 'x')
    await flooded.app.settled()
    const { items } = await flooded.app.store.incidents({ limit: 500 })
    const summaries = items.filter(({ count }) => count > 1)
    expect(summaries.map(({ category, flow, at, count }) => [category, flow, at, count]).sort()).toEqual([
      ['bad_signature', 'booking', 1_799_999_999_999, 20],
      ['bad_signature', 'guarded', 1_799_999_999_999, 50],
      ['unknown_flow', '', 1_799_999_999_999, 20],
    ])
    await flooded.stop()
  })
})
