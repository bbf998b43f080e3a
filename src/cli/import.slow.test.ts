// `import` as people run it, on each store: in a process of its own, beside a running server, cut short.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { configWith, type Folder, makeFolder, SHORT } from '../../test/kit.ts'
import { run, serve, start } from '../../test/process.ts'
import { ANY, everyPage, expectedSessions } from '../../test/store-contract/expected.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { openArchive } from '../archive/archive.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'
import { asKept } from '../store/sqlite/session-body.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'

const DAY = '2026-03-02'
const FLOW = 'repair-booking'

describe.each(stores)('screentrail import on %s', (name, uri) => {
  let folder: Folder
  let store: Store
  beforeEach(async () => {
    folder = await makeFolder(configWith(SHORT, `store: { uri: "${uri()}" }`))
    store = await openStore((await folder.load()).config.store.uri, createLog('silent'))
  })
  afterEach(async () => {
    await store.close()
    await dropStore((await folder.load()).config.store.uri)
    await folder.remove()
  })

  const screentrail = (...args: readonly string[]) => run(args, folder.path)

  /** Each token has four requests. */
  const visits = (count: number): TrailEvent[] =>
    Array.from({ length: count }, (_, index) =>
      eventOf({ token: `token ${index >> 2}`, at: START + index * 100, input: { service: 'routine', n: index } }),
    )

  const archive = async (events: readonly TrailEvent[]) => {
    const place = openArchive(join(folder.path, 'cold'))
    for (let at = 0; at < events.length; at += 500)
      await place.write({ flow: FLOW, day: DAY, events: events.slice(at, at + 500) })
  }

  const expectSessionsOf = async (events: readonly TrailEvent[]) => {
    const sessions = await everyPage(1_000, (page) => store.sessions({ ...ANY, ...page }))
    expect(sessions.map(asKept)).toEqual(expectedSessions(events, rulebookOf(await folder.load())).map(asKept))
  }

  test('makes pseudonyms of values that have come of age since they were archived', async () => {
    const flows =
      'repair-booking: { start: A, screens: { A: { fields: { note: { type: text, keep: keep } }, complete: {} } } }'
    const { store: place } = (await folder.load()).config
    await writeFile(folder.config, configWith(flows, `store: { uri: "${place.uri}" }\nprivacy: { hash_after: 7d }`))
    const old = eventOf({ screen: 'A', input: { note: 'Zwiebelfisch' } })
    await archive([old])
    expect((await screentrail('import', 'cold')).code).toBe(0)
    const [taken] = (await store.events({ limit: 9 })).items
    expect(taken?.input).toEqual({ note: { $hash: expect.stringMatching(/^h:/) } })
  }, 120_000)

  test('takes back what export and archive gave, once, beside a running server, and says so', async () => {
    const events = visits(1_000)
    const rules = rulebookOf(await folder.load())
    await store.record(events.slice(0, 300), rules)
    const exported = await screentrail('export', 'events', '--format', 'ndjson')
    const csv = await screentrail('export', 'events')
    await writeFile(join(folder.path, 'x.ndjson'), exported.stdout)
    await writeFile(join(folder.path, 'x.csv'), csv.stdout)
    await archive(events)

    const server = await serve(folder)
    try {
      const dry = await screentrail('import', 'cold', 'x.ndjson', '--dry-run')
      expect([dry.code, dry.stderr.split('\n').at(-1)]).toEqual([0, ''])
      expect(dry.stdout).toMatch(/^1,300 events read, 700 would be new, 600 known already, 0 refused, in .+\n$/)
      await expectSessionsOf(events.slice(0, 300))

      const real = await screentrail('import', 'cold', 'x.ndjson', 'x.csv')
      expect(real.stdout).toMatch(/^1,600 events read, 700 new, 900 known already, 0 refused, in .+\n$/)
      const again = await screentrail('import', 'cold')
      expect(again.stdout).toMatch(/^1,000 events read, 0 new, 1,000 known already, 0 refused, in .+\n$/)
      await expectSessionsOf(events)
      expect((await store.audits(2)).map(({ who, what, detail }) => `${who} ${what} ${detail}`)).toEqual([
        'command line import_events cold',
        'command line import_events cold, x.ndjson, x.csv',
      ])
    } finally {
      expect(await server.stop()).toBe(0)
    }
  }, 120_000)

  test('without a name it takes the archive of the config', async () => {
    const events = visits(8)
    expect((await screentrail('import')).stderr).toContain(
      'there is nothing to import: name a file or a folder, or set retention.archive in the config',
    )
    await archive(events)
    await appendFile(folder.config, '\nretention: { archive: cold }\n')
    expect((await screentrail('import')).stdout).toMatch(/^8 events read, 8 new, /)
    await expectSessionsOf(events)
  }, 120_000)

  // Where it ends has nothing to do with the store.
  test.skipIf(name !== 'sqlite')(
    'ends between batches when told to, or anywhere when killed, and the same command goes on',
    async () => {
      const events = visits(20_000)
      await archive(events)
      const stored = async () => (await store.totals(0, 0)).events
      const told = start(['import', 'cold'], folder.path)
      await until('some are stored', async () => (await stored()) > 0, 120_000)
      told.signal('SIGINT')
      expect(await told.ended).toBe(130)
      const first = await stored()
      expect(first).toBeWithin(1, events.length)
      expect(told.output()).toMatch(
        /Stopped after \S+\.ndjson\.zst:\d+\. The same command goes on: what is there already/,
      )

      const killed = start(['import', 'cold'], folder.path)
      await until('more are stored', async () => (await stored()) > first, 120_000)
      killed.signal('SIGKILL')
      await killed.ended

      const last = await screentrail('import', 'cold')
      expect(last.stdout).toMatch(/^20,000 events read, [\d,]+ new, [\d,]+ known already, 0 refused, in .+\n$/)
      expect(await stored()).toBe(events.length)
      await expectSessionsOf(events)
    },
    180_000,
  )

  test('names what is damaged, takes everything else, and does not end well', async () => {
    const events = visits(100)
    await archive(events)
    await mkdir(join(folder.path, 'more'))
    const lines = (await Array.fromAsync(events, (event) => JSON.stringify(event))).join('\n')
    await writeFile(join(folder.path, 'more/a.ndjson'), `${lines.replace('"n":7}', '"n":7')}\n`)
    await appendFile(join(folder.path, 'more/a.ndjson'), 'x\n'.repeat(60))
    const { stdout, stderr, code } = await screentrail('import', 'more/a.ndjson')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^160 events read, 99 new, 0 known already, 61 refused, in /)
    expect(stderr).toContain('more/a.ndjson:8 ')
    expect(stderr).toContain('more/a.ndjson:101 "x" is no event; expected one event as JSON\n')
    expect(stderr).toContain('… and 11 more refusals\n')
    expect(stderr.split('\n').length).toBeLessThan(60)
    expect((await screentrail('import', 'cold')).stdout).toMatch(/^100 events read, 1 new, 99 known already, 0 refused/)
    await expectSessionsOf(events)
  }, 120_000)
})
