// `rebuild` as people run it, on each store: in processes of their own, cut short, and beside a running server.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { clientOf, configWith, type Folder, makeFolder, SHORT } from '../../test/kit.ts'
import { run, serve, start } from '../../test/process.ts'
import { ANY, everyPage, expectedSessions } from '../../test/store-contract/expected.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { type StoreWithRollups, withRollups } from '../../test/with-rollups.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { createLog } from '../lib/log.ts'
import { claim } from '../store/lease.ts'
import { openQueryStore } from '../store/open.ts'
import { REBUILD, readCheckpoint } from '../store/rebuild-checkpoint.ts'
import { asKept } from '../store/sqlite/session-body.ts'
import type { TrailEvent } from '../trail/event.ts'

const DAY = 86_400_000

describe.each(stores)('screentrail rebuild on %s', (name, uri) => {
  let folder: Folder
  let store: StoreWithRollups
  beforeEach(async () => {
    folder = await makeFolder(configWith(SHORT, `store: { uri: "${uri()}" }\nsession: { gap: 24h }`))
    store = withRollups(await openQueryStore((await folder.load()).config.store.uri, createLog('silent')))
  })
  afterEach(async () => {
    await store.close()
    await dropStore((await folder.load()).config.store.uri)
    await folder.remove()
  })

  const rebuild = (...flags: readonly string[]) => run(['rebuild', ...flags], folder.path)

  const setGap = async (gap: string) => {
    const config = await readFile(folder.config, 'utf8')
    await writeFile(folder.config, config.replace(/gap: \w+/, `gap: ${gap}`))
  }

  /** So many people, each of whom came three times in three hours. */
  const comePeople = async (count: number) => {
    const rules = rulebookOf(await folder.load())
    const events = Array.from({ length: count * 3 }, (_, index) =>
      eventOf({ token: `token ${Math.floor(index / 3)}`, at: START + (index % 3) * 3_600_000 + index }),
    )
    for (let at = 0; at < events.length; at += 600) await store.record(events.slice(at, at + 600), rules)
    return events
  }

  const sessionsNow = () => everyPage(1_000, (page) => store.sessions({ ...ANY, ...page }))

  const sessionsAddedUp = async () => {
    const spans = [{ from: START - DAY, until: START + DAY, label: '' }]
    const added = await store.sessionStatistics({ ...ANY, flow: 'repair-booking', spans, detail: 'paths' })
    const ways = added.flatMap(({ statistics }) => statistics.paths)
    return ways.reduce((sum, { completed, open, lost }) => sum + completed + open + lost, 0)
  }

  const placeAfter = async (trails: number) => {
    const passed = async () => ((await readCheckpoint(store, 0))?.trails ?? 0) > trails
    await until(`${trails} trails are done`, passed)
  }

  const expectSessionsOf = async (events: readonly TrailEvent[]) =>
    expect((await sessionsNow()).map(asKept)).toEqual(
      expectedSessions(events, rulebookOf(await folder.load())).map(asKept),
    )

  test('makes the sessions what the config says, when told to, and only where they are not', async () => {
    const events = await comePeople(250)
    const before = await sessionsNow()
    expect(before).toHaveLength(250)
    expect((await rebuild()).stdout).toMatch(/^250 trails, 250 sessions, 0 changed, in .+\n$/)

    await setGap('30m')
    const dry = await rebuild('--dry-run')
    expect([dry.stdout, dry.code]).toEqual([
      expect.stringMatching(/^250 trails, 750 sessions, 750 would change, in /),
      0,
    ])
    expect(await sessionsNow()).toEqual(before)

    const real = await rebuild()
    expect([real.stdout, real.code]).toEqual([expect.stringMatching(/^250 trails, 750 sessions, 750 changed, in /), 0])
    expect(real.stderr).toMatch(
      /^ 80 % {2}200 of about 250 trails, [\d,]+\/s, .+ left\nAll sessions are computed; recomputing the rollups\.\n$/,
    )
    await expectSessionsOf(events)
    expect(await store.refresh()).toEqual({ isStale: false })
    expect(await sessionsAddedUp()).toBe(750)
    expect((await rebuild()).stdout).toMatch(/^250 trails, 750 sessions, 0 changed, in /)
    expect(await store.deleteDocuments(REBUILD)).toBe(0)
  }, 120_000)

  const many = name === 'sqlite' ? 3_000 : 800

  test('goes on where it was told to end, or was killed', async () => {
    const events = await comePeople(many)
    await setGap('30m')

    const told = start(['rebuild'], folder.path)
    await placeAfter(0)
    told.signal('SIGTERM')
    expect(await told.ended).toBe(130)
    const first = (await readCheckpoint(store, 0))?.trails ?? 0
    expect(told.output()).toContain(`Stopped after ${first.toLocaleString('en')} trails. The same command goes on`)
    expect(first).toBeWithin(200, many)

    const killed = start(['rebuild'], folder.path)
    await placeAfter(first)
    // A place is kept before it is shown.
    const isShown = () => /━+─+ +\d+ % {2}[\d,]+ of about [\d,]+ trails/.test(killed.output())
    await until('it is shown how far along it is', isShown)
    killed.signal('SIGKILL')
    await killed.ended
    expect(killed.output()).toContain(`Going on after ${first.toLocaleString('en')} trails`)
    const second = (await readCheckpoint(store, 0))?.trails ?? 0
    expect(second).toBeWithin(first + 200, many)

    const last = await rebuild()
    expect(last.stderr).toContain(`Going on after ${second.toLocaleString('en')} trails`)
    const [trails, sessions] = [many, many * 3].map((count) => count.toLocaleString('en'))
    expect(last.stdout).toMatch(new RegExp(`^${trails} trails, ${sessions} sessions, .+ changed, in `))
    await expectSessionsOf(events)
  }, 120_000)

  // Whether there is reason to has nothing to do with the store.
  test.skipIf(name !== 'sqlite')(
    'begins anew when told to, or when the config says otherwise by now',
    async () => {
      const events = await comePeople(many)
      await setGap('30m')
      for (const [flags, gap, word] of [
        [['--restart'], '30m', ''],
        [[], '24h', 'beginning anew'],
      ] as const) {
        const cut = start(['rebuild'], folder.path)
        await placeAfter(0)
        cut.signal('SIGKILL')
        await cut.ended
        await setGap(gap)
        const anew = await rebuild(...flags)
        expect(anew.stderr).not.toContain('Going on')
        expect(anew.stderr).toContain(word)
        expect(anew.stdout).toStartWith('3,000 trails, ')
        await expectSessionsOf(events)
      }
    },
    120_000,
  )

  test('leaves the work to the one that is at it', async () => {
    await comePeople(1)
    const surroundings = { clock: Date.now, isGone: () => false }
    const other = await claim(store, REBUILD, { host: hostname(), process: process.pid }, surroundings)
    const { stdout, stderr, code } = await rebuild()
    expect([stdout, code]).toEqual(['', 1])
    expect(stderr).toContain(
      `another rebuild is under way, or was killed within the last minute: process ${process.pid}`,
    )
    expect((await rebuild('--dry-run')).code).toBe(0)
    if (other.ok) await other.lease.release()
    expect((await rebuild()).code).toBe(0)
  }, 120_000)

  test('runs beside a server that takes requests', async () => {
    const events = await comePeople(many / 8)
    await setGap('30m')
    const server = await serve(folder)
    const client = clientOf(fetch, folder, `http://localhost:${server.port}`)
    let isOver = false
    const rebuilt = rebuild().finally(() => {
      isOver = true
    })
    let come = 0
    // Half of them have been here before.
    for (; !isOver || come < 20; come++) {
      const token = come % 2 === 0 ? `token ${come}` : `new ${come}`
      const { status } = await client.send('repair-booking', {
        version: '3.0',
        flow_token: token,
        action: 'INIT',
        screen: '',
        data: {},
      })
      expect(status).toBe(200)
    }
    expect((await rebuilt).code).toBe(0)
    expect(await server.stop()).toBe(0)
    const all = await everyPage(1_000, (page) => store.events(page))
    expect(all).toHaveLength(events.length + come)
    await expectSessionsOf(all)
  }, 120_000)
})

test('where nothing is stored yet it says so, and makes no store', async () => {
  const folder = await makeFolder()
  const { stdout, stderr, code } = await run(['rebuild'], folder.path)
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr).toContain('screentrail.db is not there yet')
  await folder.remove()
})
