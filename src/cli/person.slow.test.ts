// Erasing from the command line: beside a server, killed at any moment, and across a restore of an older backup.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { documentsAt, filesIn } from '../../test/at-rest.ts'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run, serve, start } from '../../test/process.ts'
import { storedIds } from '../../test/stored.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { openArchive } from '../archive/archive.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'
import type { TrailEvent } from '../trail/event.ts'

const FLOW = `
booking:
  start: SERVICE
  screens:
    SERVICE: { fields: { service: { type: choice, in: [emergency, routine] } }, next: CONTACT }
    CONTACT: { fields: { name: { type: text, keep: keep } }, complete: {} }
`
const NAME = 'Anneliese-Marker'
const TOKEN = 'token-of-anneliese'
/** ERASE_KILLS asks for more of them, and of visits. */
const KILLS = Number(Bun.env.ERASE_KILLS ?? 4)
/** A day that is over. */
const DAY = Date.UTC(2026, 2, 2)

describe.each(stores)('on %s', (name, uriOf) => {
  let folder: Folder
  let uri: string
  beforeEach(async () => {
    const more = `store: { uri: "${uriOf()}" }\nretention: { archive: data/archive }`
    folder = await makeFolder(configWith(FLOW, more))
    uri = (await folder.load()).config.store.uri
  })
  afterEach(async () => {
    await dropStore(uri)
    await folder.remove()
  })

  /** Of many people, one of whom came several times under tokens of their own. */
  const come = async (people: number, visits: number) => {
    const store = await openStore(uri, createLog('silent'))
    const of = { flow: 'booking', screen: 'CONTACT', next: 'CONTACT' }
    const others = Array.from({ length: people }, (_, index) =>
      eventOf({ ...of, token: `person ${index}`, at: DAY + index * 7, input: { name: `Somebody ${index}` } }),
    )
    const tokens = Math.ceil(visits / 100)
    const theirs = Array.from({ length: visits }, (_, index) =>
      eventOf({
        ...of,
        token: `${TOKEN}-${index % tokens}`,
        at: DAY + index * 11,
        input: index < tokens ? { name: NAME } : { index },
      }),
    )
    const all = [...others, ...theirs]
    const rules = rulebookOf(await folder.load())
    for (let from = 0; from < all.length; from += 500) await store.record(all.slice(from, from + 500), rules)
    await store.close()
    const archive = openArchive(join(folder.path, 'data/archive'))
    for (let from = 0; from < all.length; from += 1_000)
      await archive.write({ flow: 'booking', day: '2026-03-02', events: all.slice(from, from + 1_000) })
    return { others, theirs }
  }

  const archived = async (): Promise<readonly TrailEvent[]> => {
    const archive = openArchive(join(folder.path, 'data/archive'))
    const files = await Array.fromAsync(archive.files())
    return (await Promise.all(files.map((file) => Array.fromAsync(archive.read(file))))).flat()
  }
  const leftOf = async (text: string): Promise<readonly string[]> => {
    const places = [
      ...(await filesIn(join(folder.path, 'data'))).filter(([file]) => !file.startsWith('/backups/')),
      ...(uri.startsWith('sqlite:') ? [] : await documentsAt(uri)),
    ]
    return places.filter(([, content]) => content.includes(text)).map(([place]) => place)
  }
  const idsOf = (events: readonly TrailEvent[]) => events.map(({ id }) => id).sort()
  const erase = ['person', 'erase', '--value', '-', '--yes']

  test('beside a server and killed at any moment; an import and an older backup bring nobody back', async () => {
    const { others, theirs } = await (name === 'sqlite' ? come(1_200, 225 * KILLS) : come(60, 40))
    const backup = await run(['backup'], folder.path)
    expect(backup.code).toBe(0)
    const exported = await run(['export', 'events', '--format', 'ndjson'], folder.path)
    const server = await serve(folder)
    for (let round = 0; round < (name === 'sqlite' ? KILLS : 1); round++) {
      const args = round === 0 ? [...erase.slice(0, 3), NAME, '--yes'] : ['jobs', 'run', 'erase']
      const killed = start(args, folder.path)
      // The first waits for others to learn of it; the next ones erase from their start on.
      const moment = round === 0 ? 5_000 : 700 + Math.random() * 1_500
      await Promise.race([new Promise((resolve) => setTimeout(resolve, moment)), killed.ended])
      killed.signal('SIGKILL')
      await killed.ended
    }
    const { stdout, stderr, code } = await run(erase, folder.path, {}, `${NAME}\n`)
    expect([code, stdout + stderr]).toEqual([
      0,
      expect.stringContaining('a restore or an import they are erased again.'),
    ])
    expect((await storedIds(uri)).toSorted()).toEqual(idsOf(others))
    expect(idsOf(await archived())).toEqual(idsOf(others))

    const imported = await run(['import', '-'], folder.path, {}, exported.stdout)
    expect(imported.stdout).toContain(`${theirs.length.toLocaleString('en')} left out, of people who were erased`)
    const gone = await run(['person', 'export', '--value', '-'], folder.path, {}, NAME)
    expect(gone.stderr).toContain('There is nothing of this person.')
    await server.stop()
    expect((await storedIds(uri)).toSorted()).toEqual(idsOf(others))
    for (const text of [NAME, TOKEN]) expect(await leftOf(text)).toEqual([])

    if (name !== 'sqlite') await dropStore(uri)
    const [newest] = /\d{4}-\d\d-\d\dT[\d-]+\.\d{3}Z/.exec(backup.stdout) ?? []
    const restored = await run(['restore', String(newest), '--replace'], folder.path)
    expect([restored.code, restored.stdout + restored.stderr]).toEqual([
      0,
      expect.stringContaining(`are erased again: ${theirs.length.toLocaleString('en')} events and `),
    ])
    expect((await storedIds(uri)).toSorted()).toEqual(idsOf(others))
  }, 900_000)
})

test('one erasure that cannot end makes no other look failed', async () => {
  const folder = await makeFolder(configWith(FLOW, 'retention: { archive: data/archive }'))
  try {
    const store = await openStore((await folder.load()).config.store.uri, createLog('silent'))
    const [old, present] = ['last-year', 'booking'].map((flow) => eventOf({ flow, token: TOKEN, at: DAY })) as [
      TrailEvent,
      TrailEvent,
    ]
    await store.record([old, present], rulebookOf(await folder.load()))
    await store.close()
    const archive = join(folder.path, 'data/archive')
    const file = await openArchive(archive).write({ flow: 'last-year', day: '2026-03-02', events: [old] })
    await Bun.write(join(archive, file.name), 'no longer what it was')
    const eraseIn = (flow: string) => run(['person', 'erase', '--token', TOKEN, '--flow', flow, '--yes'], folder.path)
    const damaged = await eraseIn('last-year')
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining(file.name)])
    const { code, stdout } = await eraseIn('booking')
    expect([code, stdout]).toEqual([0, expect.stringContaining('Erased 1 event and 1 session.')])
    expect(stdout).not.toContain(file.name)
    const backup = await run(['backup'], folder.path)
    expect(backup.stdout).toContain(join(folder.path, 'data/erasures.ndjson'))
  } finally {
    await folder.remove()
  }
}, 120_000)

test('an erasure of somebody unknown is short: nothing is found, and how many backups may have something', async () => {
  const folder = await makeFolder(configWith(FLOW))
  try {
    await (await openStore((await folder.load()).config.store.uri, createLog('silent'))).close()
    for (const _ of [1, 2]) expect((await run(['backup'], folder.path)).code).toBe(0)
    const { stdout, stderr, code } = await run(['person', 'erase', '--token', 'nobody', '--yes'], folder.path)
    expect([stderr.split('\n')[0], code]).toEqual(['There is nothing of this person.', 0])
    expect(stdout).toStartWith(
      'Nothing of this person was found. 2 backups made before may still have something, until',
    )
  } finally {
    await folder.remove()
  }
}, 120_000)

test('wrong input is one sentence', async () => {
  const folder = await makeFolder(configWith(FLOW))
  try {
    await (await openStore((await folder.load()).config.store.uri, createLog('silent'))).close()
    for (const [args, sentence] of [
      [['erase', '--token', 'unused', '--yes'], 'what Meta sends for everybody'],
      [['erase', '--yes'], 'expected one of a token, a pseudonym and a value'],
      [['export', '--token', 'x', '--flow', 'nowhere'], 'there is no flow "nowhere"; there is booking'],
      [['erase', '--token', 'x'], 'without a terminal to ask on, add --yes'],
    ] as const) {
      const { code, stderr } = await run(['person', ...args], folder.path)
      expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)])
    }
    const terminal = start(['person', 'erase', '--token', 'x'], folder.path)
    await until('it asks', () => terminal.output().includes('[y/N]'), 120_000)
    terminal.type('n\r')
    expect(await terminal.ended).toBe(1)
    expect(terminal.output()).toContain('nothing was erased')
  } finally {
    await folder.remove()
  }
}, 120_000)
