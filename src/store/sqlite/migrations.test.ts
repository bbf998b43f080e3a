// Files of every layout there was, as they were written in their time (`test/older-stores/`), open with all numbers right.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { START } from '../../../test/arbitrary-events.ts'
import { olderStore } from '../../../test/older-stores.ts'
import { canMount, mountSmallDisk } from '../../../test/small-disk.ts'
import { ALL_EVENTS, expectedAggregates, sortedAggregates } from '../../../test/store-contract/event-rollups.ts'
import { answersOf, expectedAnswers, expectedSessions, RULES } from '../../../test/store-contract/expected.ts'
import { ALL, expectedStatistics, refreshAll, sortedStatistics } from '../../../test/store-contract/session-rollups.ts'
import { withRollups } from '../../../test/with-rollups.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { Session } from '../../trail/session.ts'
import { checkChain } from '../audit-chain.ts'
import { rebuild } from '../rebuild.ts'
import { inspectStore } from './copy.ts'
import { MIGRATIONS } from './schema.ts'
import { openSqliteQueryStore, openSqliteStore } from './sqlite.ts'

const EVENTS = olderStore('events.ndjson')
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as TrailEvent)
const LAYOUTS = MIGRATIONS.map((_, step) => step).slice(1)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-older-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function fileOf(layout: number): string {
  const file = join(folder, 'store.db')
  writeFileSync(file, olderStore(`layout-${layout}.db`))
  return file
}

/** Builds of then did not know Back on the phone from its other moves; those that wrote layout 4 did. */
const asDerivedThen = (session: Session): Session => ({
  ...session,
  steps: session.steps.map((step) => ({
    ...step,
    ...(step.showing === 'returned' && { showing: 'inferred' as const }),
    ...(step.end === 'unseen_back' && { end: 'moved' as const }),
  })),
})

describe.each(LAYOUTS)('a file of layout %d', (layout) => {
  test('opens with all that it had, and after a rebuild all numbers are right', async () => {
    const store = withRollups(await openSqliteQueryStore(fileOf(layout)))
    await refreshAll(store)
    const expected = expectedAnswers(EVENTS)
    const sessions = layout < 4 ? expected.sessions.map(asDerivedThen) : expected.sessions
    const others = sessions.filter((session, index) => !isDeepStrictEqual(session, expected.sessions[index]))
    expect(others.length > 0).toBe(layout < 4)
    expect(await answersOf(store, EVENTS)).toEqual({ ...expected, sessions })

    const from = { trails: 0, events: 0, sessions: 0, changed: 0 }
    const [rebuilt] = await Array.fromAsync(rebuild(store, RULES, { from, dryRun: false }))
    expect(rebuilt?.changed).toBe(others.length)
    for await (const _ of await store.recomputeAll());
    expect(await answersOf(store, EVENTS)).toEqual(expected)
    expect(sortedStatistics(await store.sessionStatistics(ALL))).toEqual(
      expectedStatistics(expectedSessions(EVENTS), ALL),
    )
    expect(sortedAggregates(await store.eventAggregates(ALL_EVENTS))).toEqual(expectedAggregates(EVENTS, ALL_EVENTS))
    expect((await store.audits(9)).map(({ at }) => at)).toEqual([3, 2, 1].map((ms) => START + ms))
    expect((await checkChain(store)).head).toMatchObject({ number: 3 })
    expect(await store.getDocument('account', 'ada', START)).toEqual({ name: 'ada' })
    await store.close()
  })
  test('is kept as it was, nobody else’s to read, and one line of the log says so', async () => {
    const file = fileOf(layout)
    const kept = `${file}.layout-${layout}`
    // As a killed process leaves it.
    for (const file of ['.partial', '.partial-journal']) writeFileSync(`${kept}${file}`, 'half of it')
    const told: string[] = []
    const log = { warn: (...line: readonly unknown[]) => void told.push(String(line[1])) }
    await (await openSqliteStore(file, { log })).close()
    expect(told).toEqual([
      `the store ${file} was brought from layout ${layout} to ${MIGRATIONS.length}; as it was, it is kept as ${kept} until you remove it`,
    ])
    await (await openSqliteStore(file, { log })).close()
    expect(told).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['store.db', `store.db.layout-${layout}`])
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(inspectStore(kept)).toMatchObject({ layout, events: EVENTS.length })
    expect(inspectStore(file)).toMatchObject({ layout: MIGRATIONS.length, events: EVENTS.length })
  })
})

test('a new file, and one of this version, leave nothing beside them', async () => {
  const file = join(folder, 'store.db')
  const log = { warn: () => expect.unreachable() }
  for (let round = 0; round < 2; round++) await (await openSqliteStore(file, { log })).close()
  expect(readdirSync(folder)).toEqual(['store.db'])
})

describe.skipIf(!canMount)('on a disk', () => {
  test('without room for the copy, nothing is changed, and the sentence says how much it takes, and what was kept before', async () => {
    const before = readFileSync(fileOf(2))
    await using disk = await smallDisk(8)
    writeFileSync(disk.store, before)
    const refused =
      'store: .*store\\.db has layout 2, and is brought up to date only when a copy of it is kept: there is no room in .*: ' +
      'it needs 2\\d\\d KB and .* are free; free some space'
    await expect(openSqliteStore(disk.store)).rejects.toThrow(new RegExp(`^${refused}$`))
    expect(readdirSync(disk.path)).toEqual(['store.db'])

    writeFileSync(`${disk.store}.layout-1`, before)
    await expect(openSqliteStore(disk.store)).rejects.toThrow(
      new RegExp(`^${refused}, such as that of .*/store\\.db\\.layout-1$`),
    )
    expect(inspectStore(disk.store)).toMatchObject({ layout: 2, events: EVENTS.length })
  })

  test('what a killed process has left takes no room from the next one', async () => {
    const before = readFileSync(fileOf(2))
    await using disk = await smallDisk(80)
    writeFileSync(disk.store, before)
    for (const file of ['.partial', '.partial-journal'])
      writeFileSync(`${disk.store}.layout-2${file}`, Buffer.alloc(20 * 1024 * 1024))
    await (await openSqliteStore(disk.store)).close()
    expect(readdirSync(disk.path).sort()).toEqual(['store.db', 'store.db.layout-2'])
  })
})

async function smallDisk(megabytes: number) {
  const { path, remove } = await mountSmallDisk(folder, megabytes)
  return { path, store: join(path, 'store.db'), [Symbol.asyncDispose]: remove }
}
