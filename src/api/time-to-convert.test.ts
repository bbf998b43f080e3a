import { expect, test } from 'bun:test'
import { ofPage, withApi } from '../../test/api-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { page } from '../../test/numbers-page.ts'
import { until } from '../../test/until.ts'
import { SUCCESS } from '../trail/event.ts'
import { timeToConvertResource } from './resources.ts'

test('2,000 people who take 29.9 seconds are under 30, in the hours of a day and two versions', async () => {
  const events = Array.from({ length: 2_000 }, (_, person) => {
    const of = { token: `person ${person}`, version: person % 2 === 0 ? '1f3a5c7e' : '2b4d6f80', processingMs: 1 }
    const at = START + person * 20_000
    return [
      eventOf({ ...of, at, action: 'init', screen: '', next: 'SERVICE' }),
      eventOf({ ...of, at: at + 29_900, screen: 'SERVICE', next: SUCCESS, outcome: 'completed' }),
    ]
  }).flat()
  await withApi({ events }, async (api) => {
    const told = () => api.tell(timeToConvertResource, ofPage('time-to-convert'))
    await until('the rollups are up to date', async () => (await told()).ms.n === 2_000)
    const { ms, histogram } = await told()
    expect(histogram.map(({ count }) => count)).toEqual([2_000, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(Math.abs((ms.p50 ?? 0) - 29_900)).toBeLessThanOrEqual(299)
    expect(page).toContain('2,000 who all take 29.9 s are 2,000 under 30 s')
  })
})
