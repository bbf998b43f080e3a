import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { RULES } from '../../../test/numbers-page.ts'
import { allEvents, allSessions } from '../../../test/store-contract/expected.ts'
import type { Store } from '../store.ts'
import { copyStore, inspectStore } from './copy.ts'
import { SQLITE_LAYOUT } from './layout.ts'
import { openSqliteStore } from './sqlite.ts'

let folder: string
let file: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-copy-'))
  file = join(folder, 'trail.db')
  store = await openSqliteStore(file)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const target = () => join(folder, 'copy.db')

const record = (count: number, name: string) =>
  store.record(
    Array.from({ length: count }, (_, index) => eventOf({ token: `${name} ${index}`, at: START + index })),
    { flows: {}, otherwise: RULES },
  )

const change = (path: string, sql: string) => {
  const db = new Database(path)
  db.run(sql)
  db.close()
}

test('a copy of a store in use is a store with the same events and sessions', async () => {
  await record(30, 'before')
  expect(copyStore(file, target())).toBe(SQLITE_LAYOUT)
  expect(inspectStore(target())).toEqual({ layout: SQLITE_LAYOUT, events: 30, sessions: 30 })
  const copy = await openSqliteStore(target())
  expect(await allEvents(copy)).toEqual(await allEvents(store))
  expect(await allSessions(copy)).toEqual(await allSessions(store))
  await copy.close()

  // Whoever writes goes on, and the copy does not change.
  await record(5, 'after')
  expect(inspectStore(target()).events).toBe(30)
})

test('what is not ours, or newer, is not copied', async () => {
  await writeFile(join(folder, 'other.db'), '')
  change(join(folder, 'other.db'), 'CREATE TABLE t (x)')
  expect(() => copyStore(join(folder, 'other.db'), target())).toThrow(
    'other.db is not a store of Screentrail; see store.uri',
  )
  change(file, `PRAGMA user_version = ${SQLITE_LAYOUT + 1}`)
  expect(() => copyStore(file, target())).toThrow(/newer Screentrail \(layout \d+\); update Screentrail first$/)
})

test('a damaged copy, and one with rows missing, are not taken for one', async () => {
  await record(300, 'a')
  copyStore(file, target())
  change(
    target(),
    "DELETE FROM sessions WHERE number = 1; UPDATE counters SET value = value + 1 WHERE name = 'uncompleted'",
  )
  expect(() => inspectStore(target())).toThrow('has 299 sessions, and the store had 300')

  await rm(target())
  copyStore(file, target())
  const handle = await open(target(), 'r+')
  await handle.write(Buffer.alloc(8_192, 0xa5), 0, 8_192, 8 * 4_096)
  await handle.close()
  expect(() => inspectStore(target())).toThrow(/the copy of the store, .+copy\.db, is damaged: /)
})
