// `compact` as people run it: refused while a server runs, and killed at any moment.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { killAtRandom } from '../../test/kill-at-random.ts'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run, serve, start } from '../../test/process.ts'
import { RULES } from '../../test/store-contract/expected.ts'
import { inspectStore } from '../store/sqlite/copy.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'

/** COMPACT_KILLS asks for more of them. */
const KILLS = Number(Bun.env.COMPACT_KILLS ?? 6)

const FLOW = 'booking: { start: SERVICE, screens: { SERVICE: { complete: {} } } }'

let folder: Folder
let file: string
beforeEach(async () => {
  folder = await makeFolder(configWith(FLOW))
  file = join(folder.path, 'data/screentrail.db')
})
afterEach(() => folder.remove())

const fill = async (events: number) => {
  const store = await openSqliteStore(file)
  for (let from = 0; from < events; from += 500)
    await store.record(
      Array.from({ length: 500 }, (_, index) =>
        eventOf({ token: `person ${(from + index) >> 2}`, at: START + from + index, input: { note: 'x'.repeat(900) } }),
      ),
      RULES,
    )
  await store.close()
}

test('is refused while a server runs, and for a MongoDB, and says what it did', async () => {
  const server = await serve(folder)
  const refused = await run(['compact'], folder.path)
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('a server has')])
  await server.stop()
  const { code, stdout } = await run(['compact'], folder.path)
  expect([code, stdout]).toEqual([0, expect.stringMatching(/screentrail\.db: \d+ KB, and it was \d+ KB; in /)])
  const other = await makeFolder(configWith(FLOW, 'store: { uri: "mongodb://127.0.0.1:1/x" }'))
  expect((await run(['compact'], other.path)).stderr).toContain('store.uri names a MongoDB')
  await other.remove()
}, 120_000)

test(`killed at ${KILLS} random moments, it leaves the store whole, and nothing beside it`, async () => {
  await fill(20_000)
  await killAtRandom(KILLS, {
    from: 0.2,
    begin: () => start(['compact'], folder.path),
    afterEach: () => expect(inspectStore(file)).toMatchObject({ events: 20_000, sessions: 5_000 }),
  })
  expect((await run(['compact'], folder.path)).code).toBe(0)
  const beside = readdirSync(join(folder.path, 'data')).filter((name) => name.startsWith('screentrail.db'))
  expect([beside, statSync(file).size > 0]).toEqual([['screentrail.db'], true])
}, 600_000)
