import { expect, test } from 'bun:test'
import { withApi } from '../../test/api-kit.ts'
import { NOW, pageEvents } from '../../test/numbers-page.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { withRollups } from '../../test/with-rollups.ts'
import { createLog } from '../lib/log.ts'
import { openQueryStore } from '../store/open.ts'

test('outcomes are those of the whole statistics, and the screens have the same names', async () => {
  await withApi({ events: [...pageEvents(), ...walkersEvents(200)] }, async ({ folder }) => {
    const { config } = await folder.load()
    const store = withRollups(await openQueryStore(config.store.uri, createLog('silent')))
    while ((await store.refresh()).isStale);
    const spans = [{ from: 0, until: NOW, label: 'all' }]
    const read = async (detail: 'outcomes' | 'all') => {
      const query = { flow: 'repair-booking', spans, now: NOW, lostAfterMs: config.session.lost_after, detail }
      return (await store.sessionStatistics(query)).toSorted((a, b) => (a.version < b.version ? -1 : 1))
    }
    const told = (found: Awaited<ReturnType<typeof read>>) =>
      found.map(({ version, statistics: { paths, groups, factors, screens } }) => ({
        ...{ version, paths, groups, factors },
        screens: Object.keys(screens),
      }))
    const outcomes = await read('outcomes')
    expect(told(outcomes)).toEqual(told(await read('all')))
    expect(outcomes.length).toBeGreaterThan(1)
    await store.close()
  })
})
