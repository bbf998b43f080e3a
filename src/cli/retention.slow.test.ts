// Retention as people run it, on each store: what is too old leaves, in processes that are killed on the way, and no number changes.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run, type Served, serve, start } from '../../test/process.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { withRollups } from '../../test/with-rollups.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { createLog } from '../lib/log.ts'
import { DAY_MS, HOUR_MS } from '../lib/units.ts'
import { openQueryStore } from '../store/open.ts'
import type { TrailEvent } from '../trail/event.ts'

const TOKEN = 'a-token-for-the-tests'
/** RETENTION_KILLS asks for more of them, and of people; RETENTION_PEOPLE for any number of these, on SQLite. */
const KILLS = Number(Bun.env.RETENTION_KILLS ?? 3)
const PEOPLE = Number(Bun.env.RETENTION_PEOPLE ?? 370 + 10 * KILLS)
const DAYS = 90
/** What somebody wrote long ago; a field that is kept, and hashed after a week. */
const MARKER = 'Zwiebelfisch'

const FLOW = `
repair-booking:
  start: SERVICE
  funnel: [SERVICE, DATE, CONTACT, [CONFIRM, EMERGENCY]]
  screens:
    SERVICE: { fields: { service: { type: choices, in: [emergency, routine] }, note: { type: text, keep: keep } }, next: DATE }
    DATE: { next: CONTACT }
    HELP: { next: CONTACT }
    CONTACT: { next: CONFIRM }
    CONFIRM: { complete: {} }
    EMERGENCY: { complete: {} }`

const configOf = (uri: string, retention: string) =>
  configWith(
    FLOW,
    [
      // Half an hour beside UTC, so that midnights cut hours.
      'server: { timezone: Asia/Kolkata }',
      `store: { uri: "${uri}" }`,
      'privacy: { hash_after: 7d }',
      `api: { tokens: [${TOKEN}] }`,
      retention,
    ].join('\n'),
  )

/** People of `walkers.ts`, each moved so that they began on any of so many days before now. */
function peopleOfDays(people: number, now: number): TrailEvent[] {
  const first = now - DAYS * DAY_MS
  const moved = new Map<string, number>()
  return walkersEvents(people).map((event) => {
    const { token, at, input, screen } = event
    const by = moved.getOrInsertComputed(token, () => first + (moved.size * DAYS * DAY_MS) / people - at)
    const note = screen === 'SERVICE' && at + by < now - 8 * DAY_MS ? { note: `${MARKER} ${token}` } : {}
    return { ...event, at: Math.floor(at + by), input: { ...input, ...note } }
  })
}

const dayBefore = (now: number, days: number) => new Date(now - days * DAY_MS).toISOString().slice(0, 10)

describe.each(stores)('retention on %s', (name, uri) => {
  let folder: Folder
  let events: readonly TrailEvent[]
  const now = Date.now()
  beforeEach(async () => {
    folder = await makeFolder(configOf(uri(), 'retention: { events: 60d, sessions: 75d, archive: data/archive }'))
    // Each takes long on a MongoDB that is shared by all tests.
    events = peopleOfDays(name === 'sqlite' ? PEOPLE : 150, now).filter(({ at }) => at < now)
    await recordAll(folder, events)
  })
  afterEach(async () => {
    await dropStore((await folder.load()).config.store.uri)
    await folder.remove()
  })

  test('removes what is too old, however often it is killed, and changes no number; the archive brings it back', async () => {
    const server = await serve(folder)
    const before = await answersOf(server, now)
    const preview = await run(['retention', '--dry-run'], folder.path)
    const [soon, old] = [countIn(preview.stdout, 'events'), countIn(preview.stdout, 'sessions')]
    expect(soon).toBeGreaterThan(events.length / 5)
    expect(old).toBeGreaterThan(10)
    expect(await answersOf(server, now)).toEqual(before)

    expect((await run(['jobs', 'run', 'hash'], folder.path)).code).toBe(0)
    for (let kill = 0; kill < KILLS; kill++) {
      const job = start(['jobs', 'run', 'retention'], folder.path)
      let hasEnded = false
      void job.ended.then(() => {
        hasEnded = true
      })
      // A later run may have nothing left to remove.
      if (kill % 2 === 0) await until('it has begun to remove', () => hasEnded || /Removed/.test(job.output()), 120_000)
      // Not a wait for anything: the moment is what is tried.
      await Promise.race([Bun.sleep(Math.random() * (kill % 2 === 0 ? 100 : 1_500)), job.ended])
      job.signal('SIGKILL')
      await job.ended
    }
    const done = await run(['jobs', 'run', 'retention'], folder.path)
    expect([done.stderr, done.code]).toEqual([expect.any(String), 0])
    expect((await run(['retention'], folder.path)).stdout).toContain('No event is too old.\nNo session is too old.')

    const [after, left] = [await answersOf(server, now), await eventsLeft(folder)]
    expect(after).toEqual(before)
    expect(await server.stop()).toBe(0)
    expect(left.length).toBe(events.length - soon)
    const expired = Math.floor((now - 60 * DAY_MS) / HOUR_MS) * HOUR_MS
    // A session that was going on at that time keeps all of its events.
    for (const { at } of left) expect(at).toBeGreaterThan(expired - DAY_MS)
    if (name === 'sqlite') expect(await filesWith(join(folder.path, 'data'), MARKER)).toEqual([])

    await expectBackFromArchive(folder, before, now)
  }, 900_000)
})

/** A fresh folder that is given the archive and an export of the rest answers the same. */
async function expectBackFromArchive(folder: Folder, before: readonly string[], now: number): Promise<void> {
  const rest = await run(['export', 'events', '--format', 'ndjson'], folder.path)
  const fresh = await makeFolder(configOf('sqlite:data/screentrail.db', ''))
  try {
    const imported = await run(['import', join(folder.path, 'data/archive'), '-'], fresh.path, {}, rest.stdout)
    expect([imported.stderr, imported.code]).toEqual([expect.not.stringContaining('refused'), 0])
    await rollUp(fresh)
    const server = await serve(fresh)
    const answers = await answersOf(server, now)
    expect(await server.stop()).toBe(0)
    expect(answers).toEqual(before as string[])
  } finally {
    await fresh.remove()
  }
}

const openStoreOf = async (folder: Folder) =>
  withRollups(await openQueryStore((await folder.load()).config.store.uri, createLog('silent')))

async function rollUp(folder: Folder): Promise<void> {
  const store = await openStoreOf(folder)
  while ((await store.refresh()).isStale);
  await store.close()
}

async function recordAll(folder: Folder, events: readonly TrailEvent[]): Promise<void> {
  const rules = rulebookOf(await folder.load())
  const store = await openStoreOf(folder)
  for (let at = 0; at < events.length; at += 500) await store.record(events.slice(at, at + 500), rules)
  await store.close()
  await rollUp(folder)
}

async function eventsLeft(folder: Folder): Promise<readonly TrailEvent[]> {
  const store = await openStoreOf(folder)
  const found: TrailEvent[] = []
  for (let after: string | undefined; ; ) {
    const page = await store.events({ limit: 500, ...(after !== undefined && { after }) })
    found.push(...page.items)
    if (page.next === undefined) break
    after = page.next
  }
  await store.close()
  return found
}

/** The whole answers to twelve questions about days of which all sessions have ended. */
async function answersOf({ port }: Served, now: number): Promise<string[]> {
  const days = `from=${dayBefore(now, 88)}&until=${dayBefore(now, 5)}`
  const questions = [
    `/overview?${days}`,
    `/flows?${days}`,
    ...[
      `funnel?${days}`,
      `funnel?${days}&by=hour`,
      `funnel?${days}&by=choice:service&strict=true`,
      `friction?${days}`,
      `paths?${days}`,
      `drivers?${days}`,
      `latency?${days}`,
      `time-to-convert?${days}`,
      `trend?${days}`,
      `errors?${days}`,
      `payloads?${days}`,
      `funnel?from=${dayBefore(now, 70)}&until=${dayBefore(now, 62)}&compare=previous`,
    ].map((question) => `/flows/repair-booking/${question}`),
  ]
  const answers: string[] = []
  for (const question of questions) {
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1${question}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    answers.push(`${question} ${reply.status} ${await reply.text()}`)
  }
  return answers
}

/** `1,234 events from …` */
const countIn = (text: string, noun: string): number =>
  Number((new RegExp(`^([\\d,]+) ${noun} from`, 'm').exec(text)?.[1] ?? '0').replaceAll(',', ''))

async function filesWith(folder: string, marker: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found: string[] = []
  for (const file of files) {
    const bytes = await readFile(file)
    const text = file.endsWith('.zst') ? Buffer.from(Bun.zstdDecompressSync(bytes)) : bytes
    if (text.includes(marker)) found.push(file)
  }
  return found
}
