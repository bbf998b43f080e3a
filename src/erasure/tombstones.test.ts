import { afterEach, beforeEach, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import { hashesBy } from './hashes.ts'
import { tombstoneFileAt } from './tombstone-file.ts'
import { createTombstones } from './tombstones.ts'

const hashes = hashesBy('a key')
const ADA = hashes.ofToken('repair-booking', 'ada')
const GRACE = hashes.ofToken('', 'grace')

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-tombstones-'))
  store = await openSqliteQueryStore(join(folder, 'store.db'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const pathOf = (name = 'erasures.ndjson') => join(folder, name)
/** As another process has them, or another machine with a file of its own. */
const open = (name?: string, onNew?: (hashes: ReadonlySet<string>) => void) =>
  createTombstones({ file: tombstoneFileAt(pathOf(name)), store, hashes, ...(onNew && { onNew }) })
const isErased = (tombstones: ReturnType<typeof open>, token: string, at = START) =>
  tombstones.erasedBy(eventOf({ token, at })) !== undefined

test('hold for what was received up to their instant, under the latest one, and tell nothing of the person', async () => {
  const tombstones = open()
  await tombstones.refresh()
  expect(isErased(tombstones, 'ada')).toBe(false)
  await tombstones.add([{ hash: ADA, at: START }])
  expect([0, 1].map((ms) => isErased(tombstones, 'ada', START + ms))).toEqual([true, false])
  await tombstones.add([{ hash: ADA, at: START - 5 }])
  expect(isErased(tombstones, 'ada')).toBe(true)
  expect(tombstones.erasedBy(eventOf({ token: 'ada', flow: 'feedback' }))).toBeUndefined()
  expect(readFileSync(pathOf(), 'utf8')).not.toContain('ada')
  expect(statSync(pathOf()).mode & 0o777).toBe(0o600)
})

test('reach other processes by the file, and machines with another file by the store', async () => {
  const told: string[] = []
  const [here, beside, elsewhere] = [open(), open(), open('other.ndjson', (fresh) => told.push(...fresh))]
  for (const each of [here, beside, elsewhere]) await each.refresh()
  await here.add([{ hash: ADA, at: START }])
  await elsewhere.add([{ hash: GRACE, at: START }])
  for (const each of [here, beside, elsewhere]) await each.refresh()
  for (const each of [here, beside, elsewhere])
    expect([isErased(each, 'ada'), isErased(each, 'grace')]).toEqual([true, true])
  expect(told).toEqual([GRACE, ADA])
  expect(readFileSync(pathOf('other.ndjson'), 'utf8')).toContain(ADA)
  expect(readFileSync(pathOf(), 'utf8')).toContain(GRACE)
})

test('come back from the file when the store is another one, and from the store when the file is gone', async () => {
  await open().add([{ hash: ADA, at: START }])
  await store.deleteDocuments('tombstone')
  const again = open()
  await again.refresh()
  expect((await store.documents('tombstone', 0)).map(({ key }) => key)).toEqual([ADA])
  rmSync(pathOf())
  const without = open()
  await without.refresh()
  expect(isErased(without, 'ada')).toBe(true)
  expect(readFileSync(pathOf(), 'utf8')).toContain(ADA)
})

test('a last line that was never written to its end is passed over, and others can follow it', async () => {
  const file = tombstoneFileAt(pathOf())
  file.append([{ hash: ADA, at: START }])
  const whole = statSync(pathOf()).size
  file.append([{ hash: GRACE, at: START }])
  for (let size = whole + 1; size < whole + 40; size += 7) {
    truncateSync(pathOf(), size)
    expect(tombstoneFileAt(pathOf()).read()).toEqual([{ hash: ADA, at: START }])
  }
  tombstoneFileAt(pathOf()).append([{ hash: GRACE, at: START + 1 }])
  tombstoneFileAt(pathOf()).append([{ hash: GRACE, at: START + 2 }])
  expect(tombstoneFileAt(pathOf()).read()).toEqual([
    { hash: ADA, at: START },
    { hash: GRACE, at: START + 1 },
    { hash: GRACE, at: START + 2 },
  ])
})

test('any other damage is one sentence that names the line', async () => {
  const file = tombstoneFileAt(pathOf())
  file.append([{ hash: ADA, at: START }])
  appendFileSync(pathOf(), '{"hash":"short","at":1}\n')
  expect(() => tombstoneFileAt(pathOf()).read()).toThrow(/erasures\.ndjson:2 is damaged: .* Put the file back/)
  writeFileSync(pathOf(), '\0\0\0\0\n')
  await expect(open().refresh()).rejects.toThrow(/erasures\.ndjson:1 is damaged/)
})

test('what would be damage to a reader is never written, and what the store has of it names nobody', async () => {
  const file = tombstoneFileAt(pathOf())
  file.append([{ hash: ADA, at: START }])
  for (const broken of [
    { hash: 'short', at: START },
    { hash: ADA, at: 0.5 },
  ])
    expect(() => file.append([{ hash: GRACE, at: START }, broken])).toThrow(/erasures\.ndjson.*no line of an erasure/)
  await store.putDocument({ kind: 'tombstone', key: 'short', value: START }, { now: 0 })
  const tombstones = open()
  await tombstones.refresh()
  expect(isErased(tombstones, 'ada')).toBe(true)
  expect(tombstoneFileAt(pathOf()).read()).toEqual([{ hash: ADA, at: START }])
})
