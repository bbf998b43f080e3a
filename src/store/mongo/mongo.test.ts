import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import mongoose from 'mongoose'
import { arbitraryEvents, eventOf, START } from '../../../test/arbitrary-events.ts'
import { type Breakable, startProxy } from '../../../test/proxy.ts'
import { storeContract } from '../../../test/store-contract/contract.ts'
import { ALL_EVENTS, expectedAggregates } from '../../../test/store-contract/event-rollups.ts'
import { answersOf, expectedAnswers, expectedSessions, HOUR, RULES } from '../../../test/store-contract/expected.ts'
import { incidentOf } from '../../../test/store-contract/incidents.ts'
import { type StoreWithRollups, withRollups } from '../../../test/with-rollups.ts'
import { placeOf } from '../../lib/mongo-uri.ts'
import { sessionsOf } from '../../trail/derive-sessions.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { NEVER, NOTHING_FROZEN } from '../frozen.ts'
import type { QueryStore, Recorded } from '../store.ts'
import type { AuditDocument, AuditHeadDocument } from './audits.ts'
import { connect, type Link } from './connection.ts'
import type { EventDocument } from './event-document.ts'
import { createEvents } from './events.ts'
import { INDEXES } from './models.ts'
import { openMongoStore } from './mongo.ts'
import { createRecord } from './record.ts'
import { createSegmentHeads } from './segment-heads.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'

const frozen = async () => NOTHING_FROZEN
const given = process.env.MONGODB_URI ?? ''
if (given !== '') mongoTests()
else if (process.env.REQUIRE_MONGODB)
  throw new Error('REQUIRE_MONGODB is set, and MONGODB_URI is not; set it to a server for tests')
else console.log('The tests of the MongoDB store were skipped: set MONGODB_URI to a server for tests to run them.')

function mongoTests(): void {
  const name = `screentrail_test_${process.pid}_${Date.now()}`
  const uri = given.replace(/^(mongodb[^:]*:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`)
  const server = mongoose.createConnection()
  // Opening is dear, and a store knows nothing of its data but what is in the caches of its rollups: one that a test of the contract
  // leaves open serves the next one, with rollups of its own.
  let idle: QueryStore | undefined

  beforeAll(async () => {
    await server.openUri(uri, { serverSelectionTimeoutMS: 3_000 })
  })
  afterAll(async () => {
    await idle?.close()
    await server.dropDatabase()
    await server.close()
  })
  const empty = async () => {
    for (const collection of (await server.db?.collections()) ?? []) await collection.deleteMany({})
  }

  storeContract('mongo', async () => {
    let current: QueryStore
    let isOpen: boolean
    const use = (opened: QueryStore): StoreWithRollups => {
      current = opened
      isOpen = true
      const close = () => {
        isOpen = false
        return opened.close()
      }
      return withRollups({ ...opened, close })
    }
    const store = use(idle ?? (await openMongoStore(uri)))
    idle = undefined
    return {
      store,
      async reopen() {
        await current.close()
        return use(await openMongoStore(uri))
      },
      async removeEvents(events) {
        const stored = server.collection<EventDocument>('events')
        await stored.deleteMany({ _id: { $in: events.map(({ id }) => id) } })
      },
      audits: {
        async read() {
          const [links, head] = await Promise.all([
            server.collection<AuditDocument>('audits').find().sort({ _id: 1 }).toArray(),
            server.collection<AuditHeadDocument>('auditHeads').findOne(),
          ])
          return { links: links.map(({ _id: number, ...link }) => ({ number, ...link })), head: head ?? undefined }
        },
        async write(links, head) {
          const [audits, heads] = [
            server.collection<AuditDocument>('audits'),
            server.collection<AuditHeadDocument>('auditHeads'),
          ]
          await Promise.all([audits.deleteMany(), heads.deleteMany()])
          if (links.length > 0) await audits.insertMany(links.map(({ number, ...link }) => ({ _id: number, ...link })))
          if (head) await heads.insertOne({ ...head, _id: 'head', links: [], replaced: [] })
        },
      },
      async dispose() {
        await empty()
        if (isOpen) idle = current
      },
    }
  })

  describe('a mongo store', () => {
    let opened: StoreWithRollups[] = []
    const open = async (address = uri): Promise<StoreWithRollups> => {
      const store = withRollups(await openMongoStore(address))
      opened.push(store)
      return store
    }
    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()))
      opened = []
      await empty()
    })

    test('has the indexes it declares, and no others', async () => {
      const store = await open()
      // Where nobody has written, and nothing is declared, there is no collection yet.
      const made = (await server.listCollections()).map(({ name }) => name)
      for (const [collection, indexes] of Object.entries(INDEXES)) {
        if (indexes.length === 0 && !made.includes(collection)) continue
        const found = await server.collection(collection).indexes()
        expect(found.map(({ key }) => key)).toEqual([{ _id: 1 }, ...indexes] as typeof found)
      }
      await store.close()
    })

    test('has what another process has, when each records some of the same trails at the same time', async () => {
      const [one, two] = [await open(), await open()]
      const property = fc.asyncProperty(arbitraryEvents, async (events) => {
        await Promise.all(events.map((event, index) => (index % 2 ? one : two).record([event], RULES)))
        for (const store of [one, two]) expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
        await empty()
      })
      await fc.assert(property, { numRuns: 8 })
    }, 120_000)

    test('keeps exactly the newest incidents and all counts, when two processes add at the same time', async () => {
      const incidents = Array.from({ length: 60 }, (_, minute) => incidentOf(minute))
      const [one, two] = [await open(), await open()]
      for (let at = 0; at < 60; at += 6)
        await Promise.all(
          [0, 1, 2, 0, 1, 2].map((from, index) =>
            (index % 2 ? one : two).addIncidents(incidents.slice(at + from * 2, at + from * 2 + 2), 6),
          ),
        )
      const odd = incidents.filter(({ category }) => category === 'bad_signature')
      const sum = (some: typeof incidents) => some.reduce((total, { count }) => total + count, 0)
      expect(await two.incidentCounts()).toEqual({
        malformed: sum(incidents) - sum(odd),
        bad_signature: sum(odd),
      })
      expect((await two.incidents({ limit: 100 })).items).toEqual(incidents.slice(54).reverse())
    })
  })

  describe('a summary that is written late', () => {
    let link: Link
    beforeEach(async () => {
      link = await connect(uri, placeOf(uri), { places: 10, isFirst: true })
      await link.attempted
    })
    afterEach(async () => {
      await link.close()
      await empty()
    })

    test('by one who did not see the events of another, gives way to what follows from all', async () => {
      const [early, late] = [eventOf({ at: START }), eventOf({ at: START + 1_000 })]
      const heads = createSegmentHeads(link.models.heads)
      const events = createEvents(link.models.events, createStaleMinutes(link.models.eventStaleMinutes))
      const sessions = createSessions(link.models.sessions, createStaleMinutes(link.models.sessionStaleMinutes))
      const other = createRecord({ events, sessions, heads, frozen })
      let pending = true
      const interrupted: Sessions = {
        ...sessions,
        async replace(trails) {
          if (pending) {
            pending = false
            await other([early], RULES)
          }
          await sessions.replace(trails)
        },
      }
      await createRecord({ events, sessions: interrupted, heads, frozen })([late], RULES)
      expect(pending).toBe(false)
      expect(await sessions.ofTokens([late])).toEqual(expectedSessions([early, late]))
    })

    const [first, second, third] = [0, 1_000, 2_000].map((ms) => eventOf({ at: START + ms })) as [Event, Event, Event]
    const derivedOf = (...events: readonly TrailEvent[]) => sessionsOf(events, RULES.otherwise)
    const [ofTwo, ofThree] = [derivedOf(first, second), derivedOf(first, second, third)]
    test.each([
      ['from more events replaces', ofTwo, ofThree, ofThree],
      ['from as many events replaces', ofTwo, derivedOf(second, third), derivedOf(second, third)],
      ['from fewer events does not replace', ofThree, ofTwo, ofThree],
      [
        'from fewer events, under another id, stands beside',
        ofThree,
        derivedOf(third),
        [...ofThree, ...derivedOf(third)],
      ],
    ])('%s', async (_, before, after, kept) => {
      const sessions = createSessions(link.models.sessions, createStaleMinutes(link.models.sessionStaleMinutes))
      const { flow, token } = first
      for (const derived of [before, after])
        await sessions.replace([
          {
            flow,
            token,
            sessions: derived,
            sourceEventCount: Number(derived[0]?.sourceEventCount),
            settledBefore: NEVER,
          },
        ])
      const found = await sessions.ofTokens([first])
      expect(found.sort((a, b) => b.sourceEventCount - a.sourceEventCount)).toEqual(kept)
    })

    test('at the same time as others stays, if it is from the most events', async () => {
      const sessions = createSessions(link.models.sessions, createStaleMinutes(link.models.sessionStaleMinutes))
      for (let round = 0; round < 20; round++) {
        const trail = { flow: first.flow, token: `token ${round}` }
        const events = Array.from({ length: 8 }, (_, ms) => eventOf({ ...trail, at: START + ms }))
        await Promise.all(
          events.map((_, index) => {
            const derived = derivedOf(...events.slice(0, index + 1))
            return sessions.replace([
              { ...trail, sessions: derived, sourceEventCount: index + 1, settledBefore: NEVER },
            ])
          }),
        )
        expect(await sessions.ofTokens([trail])).toEqual(derivedOf(...events))
      }
    })
  })

  describe('a mongo store behind a network that fails', () => {
    let way: Breakable
    let address: string
    let store: StoreWithRollups
    beforeEach(async () => {
      const [host = '', port = '27017'] = (placeOf(given).split(/[/,]/)[0] ?? '').split(':')
      way = await startProxy({ host, port: Number(port) })
      const direct = uri.replace(/^(mongodb[^:]*:\/\/(?:.*@)?)[^/]+/, `$1127.0.0.1:${way.port}`)
      address = `${direct}${direct.includes('?') ? '&' : '?'}directConnection=true`
    })
    afterEach(async () => {
      await store.close()
      await way.close()
      await empty()
    })

    const events = ['ada', 'grace', 'ada', 'edsger', 'unused'].map((token, at) => eventOf({ token, at: START + at }))
    const recordAll = async (): Promise<Recorded> => {
      for (;;) {
        const recorded = await store.record(events, RULES).catch(() => undefined)
        if (recorded) return recorded
        await Bun.sleep(20)
      }
    }

    test('connects by itself when there is a server at last, and again after it was gone, and says so', async () => {
      await way.set('refuse')
      let reached = 0
      store = withRollups(await openMongoStore(address, { onReachable: () => reached++ }))
      await expect(store.record(events, RULES)).rejects.toThrow(OUT_OF_REACH)
      for (let round = 0; round < 2; round++) {
        const before = reached
        await way.set('pass')
        expect(await recordAll()).toMatchObject(
          round === 0 ? { stored: 5, alreadyStored: 0 } : { stored: 0, alreadyStored: 5 },
        )
        expect(reached).toBeGreaterThan(before)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
        await way.set('refuse')
        const began = performance.now()
        await expect(store.record(events, RULES)).rejects.toThrow(OUT_OF_REACH)
        await expect(store.totals(START, HOUR)).rejects.toThrow(OUT_OF_REACH)
        expect(performance.now() - began).toBeLessThan(8_000)
      }
    }, 120_000)

    test.each(
      ['insert', 'find', 'update', 'delete', 'aggregate'].flatMap((command) =>
        (['before', 'after', 'blink'] as const).map((when) => [when, command] as const),
      ),
    )(
      'cut off (%s) at its "%s" makes all right with the same batch again',
      async (when, command) => {
        store = withRollups(await openMongoStore(address))
        // Its session begins earlier once the batch is there, and is another one then; the first is to be deleted.
        const known = eventOf({ token: 'ada', at: START + 9_000 })
        await store.record([known], RULES)
        way.breakAt(command, when)
        const first = await store.record(events, RULES).catch((error: Error) => error)
        // What was lost in a blink the driver may ask for again; on one server only what changes nothing.
        if (when !== 'blink') expect(String(first)).toMatch(OUT_OF_REACH)
        await way.set('pass')
        const { stored, alreadyStored } = first instanceof Error ? await recordAll() : first
        expect(stored + alreadyStored).toBe(events.length)
        expect(await answersOf(store, [known, ...events])).toEqual(expectedAnswers([known, ...events]))
        expect(await store.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates([known, ...events], ALL_EVENTS))
      },
      30_000,
    )
  })
}

const OUT_OF_REACH = /store: cannot reach MongoDB at 127\.0\.0\.1:\d+\/\w+ \(.+\); check that it runs/

type Event = TrailEvent
