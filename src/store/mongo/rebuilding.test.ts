// Walking and deriving again where it matters that this is MongoDB: long indexes, several processes, networks that fail.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import mongoose from 'mongoose'
import { arbitraryEvents, eventOf, START } from '../../../test/arbitrary-events.ts'
import { startProxy } from '../../../test/proxy.ts'
import {
  allSessions,
  answersOf,
  everyPage,
  expectedAnswers,
  expectedSessions,
  newestFirst,
  trailsOf,
} from '../../../test/store-contract/expected.ts'
import { mongoUri } from '../../../test/stores.ts'
import { until } from '../../../test/until.ts'
import { type StoreWithRollups, withRollups } from '../../../test/with-rollups.ts'
import { sha256 } from '../../lib/ids.ts'
import { placeOf } from '../../lib/mongo-uri.ts'
import { NOTHING_FROZEN } from '../frozen.ts'
import { connect } from './connection.ts'
import { createEvents } from './events.ts'
import { openMongoStore } from './mongo.ts'
import { createRecord } from './record.ts'
import { createRederive } from './rederive.ts'
import { createSegmentHeads } from './segment-heads.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'

const rules = { gapMs: 3_600_000, repeatWindowMs: 15_000, funnel: [['SERVICE_SELECTION']], choices: {} }
const BEFORE = { flows: {}, otherwise: { ...rules, gapMs: 20_000 } }
const frozen = async () => NOTHING_FROZEN
const AFTER = { flows: {}, otherwise: rules }

describe.skipIf(mongoUri === undefined)('a mongo store', () => {
  let uri: string
  let opened: StoreWithRollups[]
  const open = async (address = uri): Promise<StoreWithRollups> => {
    const store = withRollups(await openMongoStore(address))
    opened.push(store)
    return store
  }
  beforeEach(() => {
    uri = `${mongoUri?.replace(/\/+$/, '')}/screentrail_test_${crypto.randomUUID()}`
    opened = []
  })
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()))
    const server = await mongoose.createConnection(uri).asPromise()
    await server.dropDatabase()
    await server.close()
  })

  test('passes over the events of a trail that has very many, be it tracked or not', async () => {
    const store = await open()
    const long = ['grace', 'unused'].flatMap((token) =>
      Array.from({ length: 2_300 }, (_, index) => eventOf({ token, at: START + index })),
    )
    const short = ['ada', 'lin', 'zoe'].map((token) => eventOf({ token }))
    await store.record([...long, ...short], AFTER)
    for (const limit of [1, 2, 4, 9]) {
      const walked = await everyPage(limit, (page) => store.trails(page))
      expect(walked.map(({ token }) => token)).toEqual(['ada', 'grace', 'lin', 'zoe'])
    }
  }, 120_000)

  test('has what it should, when two processes record and derive again at the same time', async () => {
    const [one, two] = [await open(), await open()]
    const property = fc.asyncProperty(arbitraryEvents, fc.nat({ max: 20 }), fc.uuid(), async (drawn, early, run) => {
      const events = drawn.map((event) => ({ ...event, id: sha256(event.id + run), token: `${event.token} ${run}` }))
      await one.record(events.slice(0, early), BEFORE)
      await Promise.all([
        one.rederive(trailsOf(events), AFTER),
        ...events.slice(early).map((event, index) => (index % 2 ? one : two).record([event], AFTER)),
        two.rederive(trailsOf(events).toReversed(), AFTER),
      ])
      const found = await one.sessionsOf(trailsOf(events))
      expect([...found].sort(newestFirst)).toEqual(expectedSessions(events, AFTER))
    })
    await fc.assert(property, { numRuns: 8 })
  }, 120_000)

  test('gives way to events that were recorded while it derived', async () => {
    const [early, late] = [eventOf({ at: START }), eventOf({ at: START + 1_000, version: '2b4d6f80' })]
    const link = await connect(uri, placeOf(uri), { places: 10, isFirst: true })
    await link.attempted
    const events = createEvents(link.models.events, createStaleMinutes(link.models.eventStaleMinutes))
    const sessions = createSessions(link.models.sessions, createStaleMinutes(link.models.sessionStaleMinutes))
    const record = createRecord({ events, sessions, heads: createSegmentHeads(link.models.heads), frozen })
    await record([late], { ...BEFORE, otherwise: { ...rules, funnel: [] } })
    let pending = true
    const interrupted: Sessions = {
      ...sessions,
      async replace(trails) {
        if (pending) {
          pending = false
          await record([early], AFTER)
        }
        await sessions.replace(trails)
      },
    }
    expect(await createRederive({ events, sessions: interrupted, frozen })([late], AFTER)).toMatchObject({
      events: 2,
      sessions: 1,
    })
    expect(pending).toBe(false)
    expect(await sessions.ofTokens([late])).toEqual(expectedSessions([early, late], AFTER))
    await link.close()
  })

  test.each(
    ['find', 'update', 'delete', 'aggregate'].flatMap((command) =>
      (['before', 'after'] as const).map((when) => [when, command] as const),
    ),
  )(
    'cut off (%s) at its "%s" while it derives again makes all right the next time',
    async (when, command) => {
      const events = [0, 30_000, 60_000, 90_000].map((ms) => eventOf({ at: START + ms }))
      const direct = await open()
      await direct.record(events, BEFORE)
      expect(await allSessions(direct)).toHaveLength(4)

      const [host = '', port = '27017'] = placeOf(uri).split('/')[0]?.split(':') ?? []
      const way = await startProxy({ host, port: Number(port) })
      const store = await open(`mongodb://127.0.0.1:${way.port}/${placeOf(uri).split('/')[1]}?directConnection=true`)
      way.breakAt(command, when)
      await expect(store.rederive(trailsOf(events), AFTER)).rejects.toThrow(/cannot reach MongoDB/)
      await way.set('pass')
      await until('it is reached again', () =>
        store.rederive(trailsOf(events), AFTER).then(
          () => true,
          () => false,
        ),
      )
      await way.close()
      expect(await answersOf(direct, events)).toEqual(expectedAnswers(events, AFTER))
    },
    30_000,
  )
})
