// A person is erased from wherever they are, and nothing brings them back.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { type Erasing, KEY, NOW, openErasing } from '../../test/erasure-kit.ts'
import { allEvents, allSessions, expectedSessions, RULES } from '../../test/store-contract/expected.ts'
import { refreshAll } from '../../test/store-contract/session-rollups.ts'
import { type ArchiveBatch, openArchive, type Sift } from '../archive/archive.ts'
import { HOUR_MS } from '../lib/units.ts'
import { keptToken } from '../privacy/flow-token.ts'
import { pseudonymOf } from '../privacy/pseudonym.ts'
import { SEGMENT_EVENTS } from '../store/segment.ts'
import { inOrder } from '../trail/derive-sessions.ts'
import type { TrailEvent } from '../trail/event.ts'
import { describePreview } from './describe.ts'
import { eraseAgain } from './erase-again.ts'
import { createErasure } from './erasure.ts'
import type { Asked } from './person.ts'
import { previewPerson } from './preview.ts'

const PHONE = '+351 912 345 678'
const hashed = { phone: { $hash: pseudonymOf(PHONE, KEY) } }

let erasing: Erasing
beforeEach(async () => {
  erasing = await openErasing()
})
afterEach(() => erasing.close())

/** Two visits of one person under two tokens, each with the phone number in one event only, and somebody else. */
const visits = (): { readonly theirs: TrailEvent[]; readonly others: TrailEvent[] } => ({
  theirs: [
    eventOf({ token: 'ada-monday', at: START }),
    eventOf({ token: 'ada-monday', at: START + 1_000, input: hashed }),
    eventOf({ token: 'ada-tuesday', at: START + 5 * HOUR_MS, input: { note: '351912345678' } }),
    eventOf({ token: 'ada-tuesday', at: START + 5 * HOUR_MS + 1_000, flow: 'repair-booking' }),
  ],
  others: [
    eventOf({ token: 'grace', at: START, input: { note: 'hello' } }),
    eventOf({ token: 'grace', at: START + 9 }),
  ],
})

describe('by what they typed', () => {
  test('all of their tokens go, whether the value was kept or is a pseudonym, from store, archive and files', async () => {
    const { theirs, others } = visits()
    await erasing.record([...theirs, ...others])
    await erasing.archiveAll([...theirs, ...others])
    await refreshAll(erasing.store)
    expect(await erasing.erase({ value: '+351912345678' })).toEqual({
      rows: 6,
      text: 'Erased 4 events and 2 sessions, and wrote 1 file of the archive anew.',
    })
    expect(await allEvents(erasing.store)).toEqual(inOrder(others))
    expect(await allSessions(erasing.store)).toEqual(expectedSessions(others))
    expect(inOrder(await erasing.archived())).toEqual(inOrder(others))
    await erasing.restart()
    for (const text of ['ada-monday', 'ada-tuesday', '351912345678', '912 345', hashed.phone.$hash])
      expect(await erasing.filesWith(text)).toEqual([])
    const [entry] = await erasing.store.audits(1, ['person_erased'])
    expect(entry).toMatchObject({ who: 'ada', detail: expect.stringContaining('Erased 4 events') })
    const [erasure] = await erasing.parts.requests.list()
    expect(erasure).toMatchObject({ state: 'done', by: 'ada', at: NOW })
    expect(Object.keys(erasure as object).sort()).toEqual(['at', 'by', 'endedAt', 'id', 'result', 'state'])
  })

  test('of one flow, the others stay', async () => {
    const [booking, feedback] = ['repair-booking', 'feedback'].map((flow) =>
      eventOf({ flow, token: 'ada', input: hashed }),
    ) as [TrailEvent, TrailEvent]
    await erasing.record([booking, feedback])
    await erasing.archiveAll([booking, feedback])
    await erasing.erase({ value: PHONE, flow: 'feedback' })
    expect(await allEvents(erasing.store)).toEqual([booking])
    expect(await erasing.archived()).toEqual([booking])
    await erasing.record([booking, feedback])
    expect(await allEvents(erasing.store)).toEqual([booking])
  })

  test('of a flow that only the archive still has', async () => {
    const event = eventOf({ flow: 'last-year', token: 'ada', input: hashed })
    await erasing.archiveAll([event])
    const asked = { value: PHONE, flow: 'nowhere' }
    expect(await erasing.parts.read(asked)).toEqual({
      ok: false,
      mistake: 'there is no flow "nowhere"; there is repair-booking, last-year',
    })
    await erasing.erase({ value: PHONE, flow: 'last-year' })
    expect(await erasing.archived()).toEqual([])
  })

  test('of a flow that is known, no more of the archive is read than it takes to know it', async () => {
    await erasing.record([eventOf({ flow: 'feedback' })])
    await erasing.archiveAll([eventOf({ flow: 'last-year' })])
    const damaged = join(erasing.folder, 'archive', 'of-long-ago')
    await mkdir(damaged)
    await writeFile(join(damaged, `2024-11-22.${'0'.repeat(64)}.json`), 'half of a manife')
    for (const flow of ['repair-booking', 'feedback', 'last-year'])
      expect(await erasing.read({ value: PHONE, flow })).toMatchObject({ flow })
    await expect(erasing.read({ value: PHONE, flow: 'nowhere' })).rejects.toThrow('is damaged')
  })

  test('of a token that many share, or that Meta sends for everybody, only the events that have the value go', async () => {
    const crowd = Array.from({ length: SEGMENT_EVENTS + 5 }, (_, index) =>
      eventOf({ token: 'campaign', at: START + index, input: index % 900 === 7 ? hashed : { index } }),
    )
    const unused = [eventOf({ token: 'unused', input: hashed }), eventOf({ token: 'unused', at: START + 1 })]
    for (let from = 0; from < crowd.length; from += 500) await erasing.record(crowd.slice(from, from + 500))
    await erasing.record(unused)
    const isLeft = ({ input }: TrailEvent) => !('phone' in input)
    await erasing.erase({ value: PHONE })
    const left = [...crowd, ...unused].filter(isLeft)
    expect(new Set((await allEvents(erasing.store)).map(({ id }) => id))).toEqual(new Set(left.map(({ id }) => id)))
    await erasing.record([...crowd.slice(-20), ...unused])
    expect((await erasing.store.totals(NOW, 0)).events).toBe(left.length)
  }, 60_000)

  test('also where it is the token itself', async () => {
    const kept = keptToken(PHONE, {}, KEY)
    await erasing.record([eventOf({ token: kept }), eventOf({ token: PHONE, at: START + 1 })])
    await erasing.archiveAll([eventOf({ token: PHONE, at: START + 1 })])
    await erasing.erase({ value: PHONE })
    expect([await allEvents(erasing.store), await erasing.archived()]).toEqual([[], []])
    expect(await erasing.filesWith(PHONE)).toEqual([])
  })
})

describe('the answer', () => {
  test('tells which hours go on counting them and which backups still have them', async () => {
    const [old, recent] = [0, 30 * HOUR_MS].map((ms) => eventOf({ token: 'ada', at: START + ms, input: hashed })) as [
      TrailEvent,
      TrailEvent,
    ]
    erasing.time.now = START + 40 * HOUR_MS
    await erasing.record([old, recent])
    await refreshAll(erasing.store)
    const day = START - (START % HOUR_MS) + 24 * HOUR_MS
    await erasing.store.freeze({ eventsBefore: day, sessionsBefore: day })
    const afterPage = async () => {}
    const found = await previewPerson(await erasing.read({ value: PHONE }), erasing.time.now, {
      ...erasing.parts.search,
      afterPage,
    })
    expect(found.ok && describePreview(found.preview)).toEqual([
      'There are 2 sessions and 2 events, under 1 flow token.',
      'The numbers of hours from 2026-03-02T09:00:00.000Z to 2026-03-02T09:00:00.000Z are frozen, and go on counting them for good.',
    ])
    await erasing.parts.requests.add(await erasing.read({ value: PHONE }), 'ada', erasing.time.now)
    expect((await erasing.run({ backupsBefore: () => ['2026-03-01', '2026-03-02'] })).text).toBe(
      'Erased 2 events and 2 sessions. The numbers of hours from 2026-03-02T09:00:00.000Z to 2026-03-02T09:00:00.000Z are frozen, and ' +
        'go on counting them for good. Backups made before still have them, until backup.keep newer ones have taken their place: ' +
        '2026-03-01, 2026-03-02.',
    )
    expect((await erasing.run()).text).toBe('Nobody is to be erased.')
  })

  test('of somebody unknown says that nothing is found, and how many backups may still have something', async () => {
    await erasing.record([eventOf({ token: 'ada', at: START })])
    const nobody = await erasing.read({ token: 'nobody' })
    const found = await previewPerson(nobody, erasing.time.now, { ...erasing.parts.search, afterPage: async () => {} })
    expect(found.ok && describePreview(found.preview)).toEqual(['There is nothing of this person.'])
    await erasing.parts.requests.add(nobody, 'ada', erasing.time.now)
    expect((await erasing.run({ backupsBefore: () => ['2026-03-01', '2026-03-02'] })).text).toBe(
      'Nothing of this person was found. 2 backups made before may still have something, until backup.keep newer ones ' +
        'have taken their place.',
    )
    await erasing.parts.requests.add(nobody, 'ada', erasing.time.now + 1)
    expect((await erasing.run()).text).toBe('Nothing of this person was found.')
  })

  test('tells of the frozen hours also for what nobody has alone', async () => {
    const shared = [0, 3, 30].map((hours) =>
      eventOf({ token: 'unused', at: START + hours * HOUR_MS, input: hours === 0 ? {} : hashed }),
    )
    erasing.time.now = START + 40 * HOUR_MS
    await erasing.record(shared)
    await refreshAll(erasing.store)
    const day = START - (START % HOUR_MS) + 24 * HOUR_MS
    await erasing.store.freeze({ eventsBefore: day, sessionsBefore: day })
    const search = { ...erasing.parts.search, afterPage: async () => {} }
    const found = await previewPerson(await erasing.read({ value: PHONE }), erasing.time.now, search)
    const frozen =
      'The numbers of hours from 2026-03-02T12:00:00.000Z to 2026-03-02T12:00:00.000Z are frozen, and go on counting them for good.'
    expect(found.ok && describePreview(found.preview)).toContain(frozen)
    expect((await erasing.erase({ value: PHONE })).text).toBe(`Erased 2 events and 0 sessions. ${frozen}`)
  })

  test('to a token that many share is no', async () => {
    const crowd = Array.from({ length: SEGMENT_EVENTS + 2 }, (_, index) =>
      eventOf({ token: 'campaign', at: START + index, input: { index } }),
    )
    for (let from = 0; from < crowd.length; from += 500) await erasing.record(crowd.slice(from, from + 500))
    const found = await previewPerson(await erasing.read({ token: 'campaign' }), NOW, {
      ...erasing.parts.search,
      afterPage: async () => {},
    })
    expect(found.ok ? '' : found.mistake).toStartWith('many people share this token')
  }, 30_000)
})

describe('nobody comes back', () => {
  test('late entries and imports are left out, also of a token that only a value tells of; what is new stays', async () => {
    const { theirs, others } = visits()
    await erasing.record(theirs.slice(0, 2))
    await erasing.erase({ value: PHONE })
    await erasing.restart()
    // The first event of the other token comes before the one that has the number.
    await erasing.record(theirs.slice(3))
    await erasing.record([...theirs, ...others])
    await erasing.run()
    expect(await allEvents(erasing.store)).toEqual(inOrder(others))
    const again = eventOf({ token: 'ada-monday', at: NOW + 1, input: hashed })
    await erasing.record([again, ...theirs])
    expect(await allEvents(erasing.store)).toEqual(inOrder([...others, again]))
  })

  test('retention writes nothing of them to the archive, though it has read it before', async () => {
    const { theirs, others } = visits()
    await erasing.record(theirs)
    await erasing.erase({ value: PHONE })
    const batch = { flow: 'repair-booking', day: '2026-03-02' }
    await erasing.parts.sifted?.write({ ...batch, events: theirs })
    expect(await erasing.archived()).toEqual([])
    await erasing.parts.sifted?.write({ ...batch, events: [...theirs, ...others] })
    expect(inOrder(await erasing.archived())).toEqual(inOrder(others))
  })

  test('nor when they are erased while it is being written', async () => {
    const { theirs, others } = visits()
    await erasing.record(theirs)
    // Of another process.
    const own = openArchive(join(erasing.folder, 'archive'))
    const archive = {
      ...own,
      writeSifted: (batch: ArchiveBatch, sift: Sift) =>
        own.writeSifted(batch, async (events) => {
          const left = await sift(events)
          if (left.length === 6) await erasing.erase({ value: PHONE })
          return left
        }),
    }
    const { folder, store } = erasing
    const journalFile = join(folder, 'journal.db')
    const beside = createErasure({ store, key: KEY, flows: new Map(), journalFile, archive, clock: () => NOW })
    await beside.sifted?.write({ flow: 'repair-booking', day: '2026-03-02', events: [...theirs, ...others] })
    expect(inOrder(await erasing.archived())).toEqual(inOrder(others))
    await beside.sifted?.write({ flow: 'repair-booking', day: '2026-03-02', events: theirs })
    expect(inOrder(await erasing.archived())).toEqual(inOrder(others))
  })

  test('a store that is put in place from an older copy loses them again', async () => {
    const { theirs, others } = visits()
    await erasing.record(others)
    await erasing.erase({ value: PHONE })
    const late = eventOf({ token: 'ada-monday', at: NOW + 1 })
    // As a restore: nothing was sifted.
    await erasing.store.record([...theirs, ...others, late], RULES)
    const { tombstones, hashes } = erasing.parts
    const deps = { store: erasing.store, tombstones, hashes, rules: RULES }
    expect(await eraseAgain(deps)).toEqual({ events: 4, sessions: 2 })
    expect(await allEvents(erasing.store)).toEqual(inOrder([...others, late]))
    expect(await eraseAgain(deps)).toEqual({ events: 0, sessions: 0 })
  })

  test('in any order of recording, erasing, importing and restarting, everybody else is as if they had never come', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, fc.array(deed, { maxLength: 8 }), async (drawn, deeds) => {
        const each = await openErasing()
        try {
          const events = drawn.map((event, index) =>
            event.token === 'ada' && index % 3 === 0 ? { ...event, input: { ...event.input, ...hashed } } : event,
          )
          const person = events.some(({ input }) => 'phone' in input) ? { value: PHONE } : { token: 'ada' }
          for (const deed of deeds) await perform(deed, each, events, person)
          await each.record(events)
          await each.erase({ token: 'ada' })
          await each.record(events)
          const left = events.filter(({ token }) => token !== 'ada')
          expect(await allEvents(each.store)).toEqual(inOrder(left))
          expect(await allSessions(each.store)).toEqual(expectedSessions(left))
          expect((await each.archived()).filter(({ token }) => token === 'ada')).toEqual([])
        } finally {
          await each.close()
        }
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})

type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

const deed = fc.oneof(
  fc.record({ record: fc.nat({ max: 29 }) }),
  fc.constantFrom('token', 'value', 'restart', 'refresh', 'archive', 'run'),
)

async function perform(deed: Deed, each: Erasing, events: readonly TrailEvent[], person: Asked): Promise<unknown> {
  if (typeof deed === 'object') return each.record(events.slice(deed.record, deed.record + 9))
  if (deed === 'restart') return each.restart()
  if (deed === 'refresh') return refreshAll(each.store)
  if (deed === 'archive') return each.archiveAll(await each.parts.withoutErased(events))
  if (deed === 'run') return each.run()
  return each.erase(deed === 'token' ? { token: 'ada' } : person)
}

describe('broken off anywhere', () => {
  test('the next run goes on, though what told of a token is gone already', async () => {
    const { theirs, others } = visits()
    for (let step = 0; ; step++) {
      const each = await openErasing()
      try {
        await each.record([...theirs, ...others])
        await each.archiveAll([...theirs, ...others])
        await each.parts.requests.add(await each.read({ value: PHONE }), 'ada', NOW)
        const isWhole = await runUntil(each, step)
        await each.restart()
        await each.run()
        expect(await allEvents(each.store)).toEqual(inOrder(others))
        expect(inOrder(await each.archived())).toEqual(inOrder(others))
        expect((await each.parts.requests.list()).map(({ state }) => state)).toEqual(['done'])
        await each.restart()
        expect(await each.filesWith('ada-')).toEqual([])
        if (isWhole) return expect(step).toBeGreaterThan(8)
      } finally {
        await each.close()
      }
    }
  }, 60_000)

  test('a file of the archive that is damaged is told, and everything else is erased', async () => {
    const { theirs } = visits()
    await erasing.record(theirs)
    await erasing.archiveAll(theirs)
    const [file] = await Array.fromAsync(erasing.archive.files())
    const path = `${erasing.folder}/archive/${file?.name}`
    const bytes = await Bun.file(path).bytes()
    await Bun.write(path, bytes.slice(0, 40))
    const reason = await erasing.erase({ value: PHONE }).catch((error: Error) => error.message)
    expect(reason).toContain(`${file?.name}`)
    expect(reason).toContain('Everything else is erased')
    expect(await allEvents(erasing.store)).toEqual([])
    // Others are not held up by it, and are told of.
    await erasing.record([eventOf({ token: 'grace', flow: 'feedback' })])
    const both = await erasing.erase({ token: 'grace', flow: 'feedback' }).catch((error: Error) => error.message)
    expect(both).toBe(`${reason}. Of the others: Erased 1 event and 1 session.`)
    await Bun.write(path, bytes)
    await erasing.run()
    expect(await erasing.archived()).toEqual([])
  })
})

/** Ends the run at this call of what changes something, before it or after it. True when the run came to its end. */
async function runUntil(each: Erasing, step: number): Promise<boolean> {
  let calls = 0
  const mortal =
    <Args extends unknown[], R>(call: (...args: Args) => Promise<R>) =>
    async (...args: Args): Promise<R> => {
      if (calls++ === step) throw new Error('killed')
      const result = await call(...args)
      if (calls++ === step) throw new Error('killed')
      return result
    }
  const { tombstones, requests } = each.parts
  const { archive, store } = each
  const dying = {
    tombstones: { ...tombstones, add: mortal(tombstones.add) },
    requests: { ...requests, keep: mortal(requests.keep), finish: mortal(requests.finish) },
    archive: { ...archive, replace: mortal(archive.replace) },
  }
  const failure = await each.run(dying, { ...store, eraseToken: mortal(store.eraseToken) }).then(
    () => undefined,
    (error: Error) => error.message,
  )
  return failure === undefined
}
