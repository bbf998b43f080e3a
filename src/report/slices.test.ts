import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOST_AFTER_MS, NOW, pageEvents, RULES } from '../../test/numbers-page.ts'
import { type StoreWithRollups, withRollups } from '../../test/with-rollups.ts'
import { config } from '../config/schema.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import { contextOf, type ReportContext } from './context.ts'
import { byHour, wholeOf } from './labelled-spans.ts'
import { periodOf } from './period.ts'
import { chosenPaths, type PathSlice, readSlices, scanSlices } from './slices.ts'

let folder: string
let store: StoreWithRollups
let context: ReportContext
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-report-'))
  store = withRollups(await openSqliteQueryStore(join(folder, 'trail.db')))
  await store.record(pageEvents(60), { flows: {}, otherwise: RULES })
  const configured = config.parse({ meta: { keys: [{ file: 'key.pem' }] }, flows: {} })
  context = contextOf({ store, rollups: store, config: configured, flows: new Map() }, NOW)
  expect(context.lostAfterMs).toBe(LOST_AFTER_MS)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const period = () => {
  const found = periodOf({}, 'UTC', NOW)
  if (!found.ok) throw new Error(found.message)
  return found.report
}
const sessionsIn = (slices: readonly PathSlice[]) =>
  slices.flatMap(({ paths }) => paths).reduce((sum, path) => sum + path.completed + path.open + path.lost, 0)

test('going through the sessions finds what the statistics have, over more than one page', async () => {
  const query = { flow: 'repair-booking', spans: byHour(period()) }
  const { slices, sample } = await scanSlices(context, query)
  expect([sessionsIn(slices), sample]).toEqual([1_200, undefined])
  const read = await readSlices(context, query, true)
  const byLabel = (some: readonly PathSlice[]) =>
    Object.fromEntries(
      some.map(({ label, paths, groups }) => [
        label,
        [sessionsIn([{ label, version: '', paths, groups }]), Object.keys(groups).length],
      ]),
    )
  const withoutAll = (some: readonly PathSlice[]) =>
    byLabel(
      some.map((slice) => ({
        ...slice,
        groups: Object.fromEntries(Object.entries(slice.groups).filter(([name]) => name !== '')),
      })),
    )
  expect(withoutAll(slices)).toEqual(withoutAll(read))
})

test.each([7, 1_000, 1_199])('of more than %p sessions the scan reads the newest, and says so', async (most) => {
  const { slices, sample } = await scanSlices(context, { flow: 'repair-booking', spans: wholeOf(period()) }, most)
  expect(sample).toEqual({ sessions: most, of: 1_200 })
  expect(sessionsIn(slices)).toBe(most)
  const oldest = Math.min(...slices.flatMap(({ paths }) => paths.map(({ shownAt }) => shownAt?.[0] ?? 0)))
  const { items } = await store.sessions({ now: NOW, lostAfterMs: LOST_AFTER_MS, limit: most })
  expect(oldest).toBeGreaterThanOrEqual(items.at(-1)?.startedAt ?? 0)
})

test('the scan reads the newest sessions before it looks at what they chose, and says of how many', async () => {
  const { slices, sample } = await scanSlices(context, { flow: 'repair-booking', spans: wholeOf(period()) }, 100)
  const chosen = (value: string) => slices.flatMap((slice) => chosenPaths(slice, { field: 'service', value })).length
  const { items } = await store.sessions({ now: NOW, lostAfterMs: LOST_AFTER_MS, limit: 100 })
  for (const value of ['emergency', 'routine'])
    expect(chosen(value)).toBe(items.filter(({ choices }) => choices.service === value).length)
  expect(sample).toEqual({ sessions: 100, of: 1_200 })
})

test('a scan of exactly as many as there are leaves none out', async () => {
  const { slices, sample } = await scanSlices(context, { flow: 'repair-booking', spans: wholeOf(period()) }, 1_200)
  expect([sessionsIn(slices), sample]).toEqual([1_200, undefined])
})

test('another version, flow or time has none of them', async () => {
  const spans = wholeOf(period())
  for (const other of [{ version: 'none' }, { flow: 'nowhere' }, { spans: [{ from: 0, until: 1, label: 'null' }] }])
    expect((await scanSlices(context, { flow: 'repair-booking', spans, ...other })).slices).toEqual([])
})
