import { expect, test } from 'bun:test'
import { withApi } from '../../test/api-kit.ts'
import { NOW, pageEvents } from '../../test/numbers-page.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { withRollups } from '../../test/with-rollups.ts'
import { createLog } from '../lib/log.ts'
import type { LabelledStatistics, StatisticsQuery } from '../rollup/rollups.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { openQueryStore } from '../store/open.ts'

test('what is read of the statistics is the same as in all of them', async () => {
  await withApi({ events: [...pageEvents(), ...walkersEvents(200)] }, async ({ folder }) => {
    const { config } = await folder.load()
    const store = withRollups(await openQueryStore(config.store.uri, createLog('silent')))
    while ((await store.refresh()).isStale);
    const spans = [{ from: 0, until: NOW, label: 'all' }]
    const read = async (detail: StatisticsQuery['detail']) => {
      const query = { flow: 'repair-booking', spans, now: NOW, lostAfterMs: config.session.lost_after, detail }
      return (await store.sessionStatistics(query)).toSorted((a, b) => (a.version < b.version ? -1 : 1))
    }
    const told = {
      paths: ({ paths }) => ({ paths }),
      outcomes: ({ paths, groups, factors, screens }) => ({ paths, groups, factors, screens: Object.keys(screens) }),
      convert: ({ convertMs, convertBars }) => ({ convertMs, convertBars }),
    } satisfies { [detail in StatisticsQuery['detail']]?: (statistics: SessionStatistics) => object }
    const all = await read('all')
    expect(all.length).toBeGreaterThan(1)
    for (const detail of ['paths', 'outcomes', 'convert'] as const) {
      const partOf = ({ version, statistics }: LabelledStatistics) => ({ version, ...told[detail](statistics) })
      expect((await read(detail)).map(partOf)).toEqual(all.map(partOf))
    }
    await store.close()
  })
})
