import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOW, pageEvents, RULES } from '../../test/numbers-page.ts'
import { config } from '../config/schema.ts'
import { sha256 } from '../lib/ids.ts'
import { type AskReport, reportsFrom } from '../report/reports.ts'
import { createRollups } from '../rollup/rollups.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { QueryStore } from '../store/store.ts'
import { warmUp } from './warm-up.ts'

let folder: string
let store: QueryStore
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-warm-up-'))
  store = await openSqliteQueryStore(join(folder, 'trail.db'))
  const events = pageEvents()
  const feedback = events
    .slice(0, 8)
    .map((event) => ({ ...event, flow: 'feedback', id: sha256(`feedback ${event.id}`) }))
  await store.record([...events, ...feedback], { flows: {}, otherwise: RULES })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** What is asked, and whether it was answered. */
function recording(now: number) {
  const { server, session } = config.parse({ meta: { keys: [{ file: 'key.pem' }] }, flows: {} })
  const deps = { config: { server, session }, flows: new Map(), store, rollups: createRollups(store.rollups) }
  const asked: unknown[] = []
  const ask: AskReport = async (name, question, now) => {
    const result = await reportsFrom(deps)(name, question, now)
    asked.push([name, question, result.ok])
    return result
  }
  return { asked, warm: (hasAsked = false) => warmUp(ask, now, () => hasAsked) }
}

test('is the question of the overview, and that of each flow with sessions, the largest first', async () => {
  const { asked, warm } = recording(NOW)
  await warm()
  expect(asked).toEqual([
    ['overview', {}, true],
    ['health', { flow: 'repair-booking', points: 1 }, true],
    ['drivers', { flow: 'repair-booking' }, true],
    ['health', { flow: 'feedback', points: 1 }, true],
    ['drivers', { flow: 'feedback' }, true],
  ])
})

test('leaves out flows that nobody has opened in these days', async () => {
  const { asked, warm } = recording(NOW + 365 * 24 * 3_600_000)
  await warm()
  expect(asked).toEqual([['overview', {}, true]])
})

test('ends when somebody asks', async () => {
  const { asked, warm } = recording(NOW)
  await warm(true)
  expect(asked).toEqual([['overview', {}, true]])
})
