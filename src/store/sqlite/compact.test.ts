import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { $ } from 'bun'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { answersOf, expectedAnswers, RULES } from '../../../test/store-contract/expected.ts'
import { compactStore } from './compact.ts'
import { openSqliteStore } from './sqlite.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "screentrail's-compact-"))
  file = join(folder, 'store.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const left = Array.from({ length: 60 }, (_, at) => eventOf({ token: `person ${at % 9}`, at: START + at * 1_000 }))

/** Of a file from before rows that were removed gave their room back, with a lot of it. */
async function makeHollow(): Promise<void> {
  const stored = join(import.meta.dir, '../../../test/older-stores/layout-1.db.zst')
  writeFileSync(file, zstdDecompressSync(readFileSync(stored)))
  const store = await openSqliteStore(file, { keepsOlder: false })
  const known = (await store.events({ limit: 500 })).items
  const crowd = Array.from({ length: 1_500 }, (_, index) =>
    eventOf({ token: 'crowd', at: START + index, input: { note: `${index} `.repeat(60) } }),
  )
  for (let from = 0; from < crowd.length; from += 500) await store.record(crowd.slice(from, from + 500), RULES)
  for (const token of [...new Set(known.map(({ flow, token }) => `${flow}\n${token}`)), 'repair-booking\ncrowd']) {
    const [flow, name] = token.split('\n') as [string, string]
    while ((await store.eraseToken({ flow, token: name }, START + 1e9, 500, RULES)).events > 0);
  }
  await store.record(left, RULES)
  while (!(await store.releaseRoom()));
  await store.close()
}

const autoVacuum = () => {
  const db = new Database(file, { readonly: true })
  const [mode] = db.query('PRAGMA auto_vacuum').values()[0] as [number]
  db.close()
  return mode
}

test('a file from before room was given back is as large as what it holds afterwards, and gives room back from then on', async () => {
  await makeHollow()
  const size = statSync(file).size
  expect(autoVacuum()).toBe(0)
  const { bytesBefore, bytes } = compactStore(file)
  expect([bytesBefore, bytes]).toEqual([size, statSync(file).size])
  expect(bytes).toBeLessThan(size / 2)
  expect(readdirSync(folder)).toEqual(['store.db'])
  expect(autoVacuum()).toBe(2)
  const store = await openSqliteStore(file)
  expect(await answersOf(store, left)).toEqual(expectedAnswers(left))
  await store.close()
})

test('beside others who write, it waits for them, and they for it', async () => {
  await makeHollow()
  const beside = await openSqliteStore(file)
  const more = Array.from({ length: 40 }, (_, at) => eventOf({ token: 'beside', at: START + 1e6 + at }))
  const writing = Promise.all(more.map((event) => beside.record([event], RULES)))
  compactStore(file)
  await writing
  expect(await answersOf(beside, [...left, ...more])).toEqual(expectedAnswers([...left, ...more]))
  await beside.close()
  expect(autoVacuum()).toBe(2)
})

test('what is no store of ours, or of a newer version, is left alone', async () => {
  const other = new Database(file)
  other.run('CREATE TABLE theirs (a)')
  other.close(true)
  expect(() => compactStore(file)).toThrow(/store\.db is not a store of Screentrail/)
  const newer = join(folder, 'newer.db')
  await (await openSqliteStore(newer)).close()
  const db = new Database(newer)
  db.run('PRAGMA user_version = 99')
  db.close(true)
  expect(() => compactStore(newer)).toThrow(/newer\.db was written by a newer Screentrail \(layout 99\)/)
})

const canMount = process.getuid?.() === 0 && Bun.which('mount') !== null

test.skipIf(!canMount)('without room on the disk it says how much it takes, and changes nothing', async () => {
  await makeHollow()
  const hollow = readFileSync(file)
  const disk = join(folder, 'small')
  mkdirSync(disk)
  await $`mount -t tmpfs -o size=16m tmpfs ${disk}`.quiet()
  try {
    file = join(disk, 'store.db')
    writeFileSync(file, hollow)
    expect(() => compactStore(file)).toThrow(
      /^there is no room in .*small: it needs \d+ KB and .* to spare, and .* are free; free some space; until then nothing is changed$/,
    )
    expect([readFileSync(file).equals(hollow), readdirSync(disk)]).toEqual([true, ['store.db']])
  } finally {
    await $`umount ${disk}`.quiet()
  }
})
