// What made-up names cost: people with a screen, a value, a field and an error key of their own, through the store's own path, then
// every resource of the API. It prints how long each answer takes, how long it is, and the largest RSS of the process so far.
//
//   bun bench/names.ts [--people 6000] [--names 3000] [--versions 1] [--store sqlite|mongodb]

import { parseArgs } from 'node:util'
import batch from 'it-batch'
import { RESOURCES } from '../src/api/resources.ts'
import { createLog } from '../src/lib/log.ts'
import { showSize } from '../src/lib/units.ts'
import { openQueryStore } from '../src/store/open.ts'
import { startApi } from '../test/api-kit.ts'
import { madeUpEvents } from '../test/high-cardinality.ts'
import { RULES } from '../test/numbers-page.ts'
import { withRollups } from '../test/with-rollups.ts'
import { placeFor } from './places.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '6000' },
    names: { type: 'string', default: '3000' },
    versions: { type: 'string', default: '1' },
    store: { type: 'string', default: 'sqlite' },
  },
})

const PERIOD = 'from=2026-03-01&until=2026-03-04'
const MORE = [
  '',
  'by=version',
  'by=weekday',
  'by=hour',
  'by=choice:service',
  'by=choice:service&compare=previous',
  'window=1d',
]

const place = placeFor(values.store, 'data/screentrail.db')
const api = await startApi({ store: place.uri, events: [] })
try {
  const { store } = api.app
  const made = madeUpEvents({
    people: Number(values.people),
    names: Number(values.names),
    versions: Number(values.versions),
  })
  const rules = { flows: { 'repair-booking': RULES }, otherwise: RULES }
  for (const some of batch(made, 2_000)) await store.record(some, rules)
  await measured('refresh', async () => {
    const { refresh, close } = withRollups(
      await openQueryStore((await api.folder.load()).config.store.uri, createLog('silent')),
    )
    while ((await refresh()).isStale);
    await close()
    return ''
  })
  for (const { path } of RESOURCES.filter(({ path }) => path.startsWith('/flows/{flow}/')))
    for (const more of path.endsWith('/funnel') ? MORE : [''])
      await measured(`${path.slice('/flows/{flow}'.length)} ${more}`, async () => {
        const query = path.endsWith('/health') ? '' : `?${PERIOD}${more && `&${more}`}`
        return (await api.ask(`${path.replace('{flow}', 'repair-booking')}${query}`)).text()
      })
} finally {
  await api.stop()
  await place.remove()
}

async function measured(what: string, work: () => Promise<string>): Promise<void> {
  const begun = performance.now()
  const size = (await work()).length
  const { maxRSS } = process.resourceUsage()
  const took = `${Math.round(performance.now() - begun)} ms`
  console.info(what.padEnd(50), took.padStart(10), showSize(size).padStart(10), showSize(maxRSS * 1024).padStart(10))
}
