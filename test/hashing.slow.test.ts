// Hashing as people run it: beside a server, killed at any moment, and over many events.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rulebookOf } from '../src/config/session-rules.ts'
import { hashOldValues } from '../src/jobs/hash-old-values.ts'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { DAY_MS, HOUR_MS } from '../src/lib/units.ts'
import { agingOf } from '../src/privacy/aged-input.ts'
import { pseudonymOf } from '../src/privacy/pseudonym.ts'
import { openStore } from '../src/store/open.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { eventOf } from './arbitrary-events.ts'
import { documentsAt, filesIn } from './at-rest.ts'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { run, serve, start } from './process.ts'
import { everyPage } from './store-contract/expected.ts'
import { storedIds } from './stored.ts'
import { dropStore, stores } from './stores.ts'
import { until } from './until.ts'

const FLOW = `
booking:
  start: SERVICE
  screens:
    SERVICE: { fields: { service: { type: choice, in: [emergency, routine] } }, next: CONTACT }
    CONTACT: { fields: { name: { type: text, keep: keep } }, complete: {} }
`
const MARKER = 'Anneliese-Marker'

describe.each(stores)('on %s', (name, uriOf) => {
  let folder: Folder
  let uri: string
  beforeEach(async () => {
    const given = uriOf()
    folder = await makeFolder(configWith(FLOW, `privacy: { hash_after: 7d }\nstore: { uri: "${given}" }`))
    uri = (await folder.load()).config.store.uri
  })
  afterEach(async () => {
    await dropStore(uri)
    await folder.remove()
  })

  /** People of two events each, from 90 days up to now, stored in no order of time; each has a name of some length. */
  const come = async (people: number): Promise<TrailEvent[]> => {
    const store = await openStore(uri, createLog('silent'))
    const rules = rulebookOf(await folder.load())
    const now = Date.now()
    const events = Array.from({ length: people }, (_, index) => {
      const at = now - 90 * DAY_MS + Math.floor((((index * 7_919) % people) / people) * 90 * DAY_MS)
      const of = { flow: 'booking', token: `person ${index}` }
      const name = `${MARKER} ${index} ${'n'.repeat((index * 37) % 700)}`
      return [
        eventOf({
          ...of,
          id: sha256(`a ${index}`),
          at,
          screen: 'SERVICE',
          next: 'CONTACT',
          input: { service: 'routine' },
        }),
        eventOf({
          ...of,
          id: sha256(`b ${index}`),
          at: at + 1_000,
          screen: 'CONTACT',
          next: 'SUCCESS',
          outcome: 'completed',
          input: { name },
        }),
      ]
    }).flat()
    for (let from = 0; from < events.length; from += 500) await store.record(events.slice(from, from + 500), rules)
    await store.close()
    return events
  }

  const storedEvents = async () => {
    const store = await openStore(uri, createLog('silent'))
    const events = await everyPage(1_000, (page) => store.events(page))
    await store.close()
    return events
  }

  /** How often each name is somewhere: in files of the data folder, in documents. */
  const places = async (): Promise<[place: string, text: string][]> =>
    uri.startsWith('sqlite:') ? filesIn(join(folder.path, 'data')) : documentsAt(uri)

  /** Events younger than a week, or so many hours more, may have their names. */
  const namesOlderThan = async (events: readonly TrailEvent[], now: number, ageMs: number) => {
    const old = new Set(
      events.filter(({ at }) => now - at > ageMs).map(({ input }) => /\d+/.exec(String(input.name ?? ''))?.[0]),
    )
    const found = (await places()).flatMap(([place, text]) =>
      [...text.matchAll(new RegExp(`${MARKER} (\\d+) `, 'g'))].map(([, number]) => ({ place, number })),
    )
    return found.filter(({ number }) => old.has(number))
  }

  // Each takes long on a MongoDB that is shared by all tests.
  const of = (people: number) => (name === 'sqlite' ? people : people / 10)

  test('the command lists the job, runs it beside a server, and is refused while it runs elsewhere', async () => {
    const events = await come(name === 'sqlite' ? 800 : 400)
    const server = await serve(folder)
    expect((await run(['jobs'], folder.path)).stdout).toMatch(
      /^hash {2}Turns values .*\n {2}next run {2}20.*\(17 \* \* \* \*, UTC\)\n {2}last run {2}never\n/,
    )
    const running = start(['jobs', 'run', 'hash'], folder.path)
    await until('it has begun', () => /\d+ %/.test(running.output()))
    // It stays where it is while others look.
    running.signal('SIGSTOP')
    const refused = await run(['jobs', 'run', 'hash'], folder.path)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/the job hash runs already, or was killed within the last minute: process \d+ on /)
    expect((await run(['jobs'], folder.path)).stdout).toMatch(/ by command line: is running\n +\d+ %/)
    running.signal('SIGTERM')
    running.signal('SIGCONT')
    expect(await running.ended).toBe(130)
    expect((await run(['jobs'], folder.path)).stdout).toContain(': stopped half-way')

    const whole = await run(['jobs', 'run', 'hash'], folder.path)
    expect([whole.code, whole.stderr.includes('error')]).toEqual([0, false])
    expect(whole.stdout).toMatch(/^Values of \d+ events became pseudonyms\. \d+ rows?, in /)
    expect((await run(['jobs'], folder.path)).stdout).toMatch(/ by command line: done\n/)
    expect((await run(['jobs', 'run', 'sweep'], folder.path)).stderr).toBe(
      'screentrail: there is no job "sweep"; there is hash, retention-preview, retention, erase\n',
    )
    await server.stop()
    const key = (await readFile(join(folder.path, 'keys/pseudonym.key'), 'utf8')).trim()
    const sent = new Map(events.map((event) => [event.id, event]))
    for (const event of await storedEvents()) {
      const { input, at } = sent.get(event.id) as TrailEvent
      if ('name' in input && Date.now() - at > 7 * DAY_MS + HOUR_MS)
        expect(event.input).toEqual({ name: { $hash: pseudonymOf(input.name as string, key) } })
      else if (!('name' in input)) expect(event.input).toEqual(input)
    }
  }, 120_000)

  // HASHING_KILLS asks for more of them.
  const moments = Number(Bun.env.HASHING_KILLS ?? (name === 'sqlite' ? 8 : 3))

  test(`killed at ${moments} random moments it loses nothing, doubles nothing and finishes`, async () => {
    const events = await come(of(2_000))
    let kills = 0
    for (let hasEnded = false; !hasEnded && kills < moments; ) {
      const running = start(['jobs', 'run', 'hash'], folder.path)
      void running.ended.then((code) => {
        hasEnded = code === 0
      })
      await until('it is at work', () => hasEnded || /\d+ %/.test(running.output()), 120_000)
      // Not a wait for anything: the moment is what is tried.
      await Promise.race([Bun.sleep(Math.random() * 100), running.ended])
      running.signal('SIGKILL')
      if ((await running.ended) !== 0) kills++
    }
    expect(kills).toBeGreaterThan(moments / 5)
    // A killed run is found to be gone; the last may have been killed before it could be heard of.
    const last = await run(['jobs', 'run', 'hash'], folder.path)
    expect([last.code, last.stderr]).toEqual([0, expect.any(String)])
    expect((await storedIds(uri)).sort()).toEqual(events.map(({ id }) => id).sort())
    expect(await namesOlderThan(events, Date.now(), 7 * DAY_MS + HOUR_MS)).toEqual([])
  }, 240_000)

  test('of many events no name that is older than its age is in any file or document', async () => {
    const events = await come(of(6_000))
    const { config, flows, ...loaded } = await folder.load()
    const key = (await readFile(config.privacy.key, 'utf8')).trim()
    const store = await openStore(uri, createLog('silent'))
    const aging = agingOf({ flows, hashAfterMs: config.privacy.hash_after, key })
    const rules = rulebookOf({ config, flows, ...loaded })
    const [stopwatch, wait] = [() => performance.now(), async () => {}]
    const runAt = (now: number) =>
      hashOldValues(
        { aging, store, rules, clock: () => now, stopwatch, wait },
        { report() {}, signal: new AbortController().signal },
      )
    const now = Date.now()
    const result = await runAt(now)
    expect(result.rows).toBeGreaterThan(0.9 * of(6_000))
    expect(await namesOlderThan(events, now, 7 * DAY_MS)).toEqual([])
    expect(JSON.stringify((await places()).map(([, text]) => text)).includes(MARKER)).toBe(true)
    // The pages of the rest were moved about meanwhile.
    await runAt(now + 8 * DAY_MS)
    expect(await namesOlderThan(events, now + 8 * DAY_MS, 7 * DAY_MS)).toEqual([])
    await store.close()
    expect(await namesOlderThan(events, now + 8 * DAY_MS, 7 * DAY_MS)).toEqual([])
  }, 240_000)
})
