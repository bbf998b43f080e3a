// Rollups where it matters that this is MongoDB: no transactions, and several processes.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import mongoose from 'mongoose'
import { arbitraryEvents, eventOf, START } from '../../../test/arbitrary-events.ts'
import { ALL_EVENTS, expectedAggregates, sortedAggregates } from '../../../test/store-contract/event-rollups.ts'
import { expectedSessions, HOUR, RULES } from '../../../test/store-contract/expected.ts'
import { crowdedHour, expectRecomputed } from '../../../test/store-contract/recompute.ts'
import {
  ALL,
  expectedStatistics,
  HOURS,
  refreshAll,
  sortedStatistics,
  stretched,
} from '../../../test/store-contract/session-rollups.ts'
import { mongoUri } from '../../../test/stores.ts'
import { until } from '../../../test/until.ts'
import { type StoreWithRollups, withRollups } from '../../../test/with-rollups.ts'
import { sha256 } from '../../lib/ids.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { openMongoStore } from './mongo.ts'

describe.skipIf(mongoUri === undefined)('the rollups of a mongo store', () => {
  let uri: string
  let opened: StoreWithRollups[]
  const server = mongoose.createConnection()
  const open = async (): Promise<StoreWithRollups> => {
    const store = withRollups(await openMongoStore(uri))
    opened.push(store)
    return store
  }
  /** What does not meet the condition cannot be written, as something too large cannot. */
  const refuse = (name: string, validator: object) => server.db?.command({ collMod: name, validator })
  /** As processes do that bring every hour up to date all the time. */
  const whileOthersWrite = async (names: readonly string[], work: () => Promise<void>): Promise<void> => {
    let isOver = false
    const others = names.map(async (name) => {
      while (!isOver) await server.collection(name).updateMany({}, { $inc: { revision: 1 } })
    })
    try {
      await work()
    } finally {
      isOver = true
      await Promise.all(others)
    }
  }
  beforeEach(async () => {
    uri = `${mongoUri?.replace(/\/+$/, '')}/screentrail_test_${crypto.randomUUID()}`
    opened = []
    await server.openUri(uri)
  })
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()))
    await server.dropDatabase()
    await server.close()
  })

  test('are right when two processes record, and both bring them up to date, all at once', async () => {
    const [one, two] = [await open(), await open()]
    const property = fc.asyncProperty(arbitraryEvents, fc.uuid(), async (drawn, run) => {
      const events = drawn.map((event) => ({
        ...event,
        id: sha256(event.id + run),
        token: `${event.token} ${run}`,
        at: stretched(event.at, 6),
      }))
      recorded.push(...events)
      await Promise.all([
        ...events.map((event, index) => (index % 2 ? one : two).record([event], RULES)),
        ...[one, two, one, two].map((store) => store.refresh()),
      ])
      await Promise.all([refreshAll(one), refreshAll(two)])
      for (const store of [one, two]) {
        expect(sortedStatistics(await store.sessionStatistics(DAYS))).toEqual(
          expectedStatistics(expectedSessions(recorded), DAYS),
        )
        expect(sortedAggregates(await store.eventAggregates(DAYS_OF_TRAFFIC))).toEqual(
          expectedAggregates(recorded, DAYS_OF_TRAFFIC),
        )
      }
    })
    const recorded: ReturnType<typeof eventOf>[] = []
    await fc.assert(property, { numRuns: 6, endOnFailure: true })
  }, 120_000)

  test('follow sessions and events whose writer died between writing them and saying so', async () => {
    const store = await open()
    await store.record([eventOf({ token: 'ada' })], RULES)
    await refreshAll(store)
    await store.record([eventOf({ token: 'grace' })], RULES)
    // As the writer left it some minutes ago.
    const notes = ['sessionStaleMinutes', 'eventStaleMinutes'].map((name) => server.collection(name))
    for (const each of notes)
      await each.updateMany({}, { $set: { isWritten: false, at: new Date(Date.now() - 200_000) } })
    await refreshAll(store)
    const both = ['ada', 'grace'].map((token) => eventOf({ token }))
    expect(sortedStatistics(await store.sessionStatistics(ALL))).toEqual(
      expectedStatistics(expectedSessions(both), ALL),
    )
    expect(await store.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates(both, ALL_EVENTS))
    for (const each of notes) expect(await each.countDocuments()).toBe(0)
  })

  test('that are wrong are right again after recomputeAll', async () => {
    const store = await open()
    await store.record([eventOf()], RULES)
    await refreshAll(store)
    await server
      .collection('sessionHours')
      .updateMany({}, { $set: { paths: '{"[]":{"completed":7,"uncompleted":[]}}' } })
    expect(await store.sessionStatistics(ALL)).not.toEqual(expectedStatistics(expectedSessions([eventOf()]), ALL))
    await server.collection('eventHours').deleteMany({})
    expect(await store.eventAggregates(ALL_EVENTS)).toEqual([])
    await store.recomputeAll()
    await refreshAll(store)
    expect(await store.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates([eventOf()], ALL_EVENTS))
    expect(await store.sessionStatistics(ALL)).toEqual(expectedStatistics(expectedSessions([eventOf()]), ALL))
  })

  test('are recomputed little by little, while hours are still being listed', async () => {
    const store = await open()
    const events = Array.from({ length: 130 }, (_, index) =>
      eventOf({ token: `t${index}`, version: `v${index % 2}`, at: HOURS + (index >> 1) * 5 * HOUR }),
    )
    const spans = [{ from: HOURS, until: HOURS + 400 * HOUR, label: '' }]
    await store.record(events, RULES)
    for (const name of ['sessionStaleMinutes', 'eventStaleMinutes']) await server.collection(name).deleteMany({})
    const found = async () => {
      const notes = await server.collection('eventStaleMinutes').find().toArray()
      return new Set(notes.flatMap(({ minutes }) => minutes.map((minute: object) => JSON.stringify(minute)))).size
    }
    const rolling = store.recomputeAll()
    await until('the first hours are found', async () => (await found()) > 0)
    expect(await found()).toBeLessThan(events.length)
    await rolling
    expect(await found()).toBe(events.length)
    await refreshAll(store)
    expect(sortedStatistics(await store.sessionStatistics({ ...ALL, spans }))).toEqual(
      expectedStatistics(expectedSessions(events), { ...ALL, spans }),
    )
    expect(sortedAggregates(await store.eventAggregates({ ...ALL_EVENTS, spans }))).toEqual(
      expectedAggregates(events, { ...ALL_EVENTS, spans }),
    )
  }, 120_000)

  test('are made of the minutes that have changed, and what is known of the others', async () => {
    const store = await open()
    const events = [0, 1, 2].map((minute) => eventOf({ token: 'unused', at: HOURS + minute * 60_000 }))
    await store.record(events, RULES)
    await refreshAll(store)
    // Whoever reads them again finds them gone.
    await server.collection('events').deleteMany({})
    await store.record(events.slice(1, 2), RULES)
    await refreshAll(store)
    expect(await store.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates(events, ALL_EVENTS))
  })

  test('that a process has in its cache are recomputed, too, when another process asks for it', async () => {
    await expectRecomputed([await open(), await open()], async (at) => {
      await server.collection('events').deleteMany({ at: { $gte: at } })
      await server.collection('sessions').deleteMany({ startedAt: { $gte: at } })
    })
  }, 120_000)

  test('of a busy hour that others keep writing are left to them for this time', async () => {
    const [one, two] = [await open(), await open()]
    const events = crowdedHour().slice(0, 800)
    await one.record(events.slice(1), RULES)
    await refreshAll(one)
    await one.record(events.slice(0, 1), RULES)
    // It knows nothing of the hour, and has to read all of it while the others write: they are first nearly always.
    await whileOthersWrite(['sessionHours', 'eventHours'], async () => {
      await two.refresh()
      await two.sessionStatistics(ALL)
      await two.eventAggregates(ALL_EVENTS)
    })
    await refreshAll(two)
    expect(await one.sessionStatistics(ALL)).toEqual(expectedStatistics(expectedSessions(events), ALL))
    expect(await one.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates(events, ALL_EVENTS))
  }, 120_000)

  test('are kept to the end of the turn when the other kind cannot be written', async () => {
    const one = await open()
    const events = crowdedHour().slice(0, 1_000)
    await one.record(events, RULES)
    await refreshAll(one)
    // One event of its hour, but of a session of the crowd's: `two` has failed with the one long before it has read the other.
    const late = eventOf({ token: 'person 999', at: HOURS + HOUR })
    await one.record([late], RULES)
    await refuse('eventHours', { revision: { $gt: 1 } })
    const two = await open()
    await expect(two.refresh()).rejects.toThrow()
    const [hour] = await server.collection('sessionHours').find().toArray()
    expect(hour?.revision).toBe(2)
    await refuse('eventHours', {})
    await refreshAll(two)
    const all = [...events, late]
    expect(await two.sessionStatistics(ALL)).toEqual(expectedStatistics(expectedSessions(all), ALL))
    expect(await two.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates(all, ALL_EVENTS))
  })

  describe('of days', () => {
    const early = Array.from({ length: 30 }, (_, index) =>
      eventOf({ token: `t${index}`, at: START + (index - 9) * 2 * HOUR }),
    )
    const late = [
      eventOf({ token: 'late', at: START + HOUR }),
      eventOf({ token: 'later', at: START + HOUR, version: 'other' }),
    ]
    const collections = ['sessionDays', 'eventDays']
    const expectRight = async (store: StoreWithRollups, events: readonly TrailEvent[]) => {
      expect(sortedStatistics(await store.sessionStatistics(DAYS))).toEqual(
        expectedStatistics(expectedSessions(events), DAYS),
      )
      expect(sortedAggregates(await store.eventAggregates(DAYS_OF_TRAFFIC))).toEqual(
        expectedAggregates(events, DAYS_OF_TRAFFIC),
      )
    }
    /** Whoever looks at these hours finds nothing in them. */
    const whileHoursAreHidden = async (work: () => Promise<void>) => {
      const isWithinDay = { hour: { $gte: DAY * 24, $lt: DAY * 24 + 24 } }
      const parts = [
        ['sessionHours', 'rest'],
        ['eventHours', 'contents'],
      ] as const
      for (const [name, part] of parts)
        await server.collection(name).updateMany(isWithinDay, { $rename: { [part]: 'hidden' } })
      await work()
      for (const [name, part] of parts)
        await server.collection(name).updateMany(isWithinDay, { $rename: { hidden: part } })
    }

    test('answer as long as they are made of what their hours are now', async () => {
      const store = await open()
      await store.record(early, RULES)
      await refreshAll(store)
      await whileHoursAreHidden(() => expectRight(store, early))

      await store.record(late, RULES)
      await expectRight(store, [...early, ...late])
      await refreshAll(store)
      for (const name of collections)
        expect(await server.collection(name).countDocuments({ day: DAY, isStale: false })).toBe(2)
      await whileHoursAreHidden(() => expectRight(store, [...early, ...late]))
    })

    test('are made again when their hours were written, and nobody could say so to them', async () => {
      const store = await open()
      await store.record(early, RULES)
      await refreshAll(store)
      for (const name of collections) await refuse(name, { day: { $lt: 0 } })
      await store.record(late, RULES)
      await expect(store.refresh()).rejects.toThrow()
      for (const name of ['sessionHours', 'eventHours'])
        expect(await server.collection(name).countDocuments({ hour: Math.floor(START / HOUR) + 1 })).not.toBe(0)

      for (const name of collections) await refuse(name, {})
      // As the next process would, which knows nothing of it.
      const next = await open()
      await refreshAll(next)
      await expectRight(next, [...early, ...late])
      await whileHoursAreHidden(() => expectRight(next, [...early, ...late]))
    })

    test('are not made of hours that have changed since they were read', async () => {
      const [one, two] = [await open(), await open()]
      await one.record(early, RULES)
      await refreshAll(one)
      const events = [...early]
      let isOver = false
      const folding = (async () => {
        while (!isOver) await two.refresh()
      })()
      for (let index = 0; index < 15; index++) {
        const event = eventOf({ token: `late ${index}`, at: START + HOUR })
        events.push(event)
        await one.record([event], RULES)
        await one.refresh()
      }
      isOver = true
      await folding
      await Promise.all([refreshAll(one), refreshAll(two)])
      await whileHoursAreHidden(() => expectRight(one, events))
    }, 120_000)
  })

  test('do not wait for an hour or a day that cannot be written, which is told', async () => {
    const store = await open()
    const hoursAgo = (hours: number) => eventOf({ token: `${hours}`, at: START - hours * HOUR })
    const early = [50, 49, 26, 25, 2, 1].map(hoursAgo)
    await store.record(early, RULES)
    const [hours, days] = [Math.floor(START / HOUR) - 50, DAY - 2]
    for (const name of ['sessionHours', 'eventHours']) await refuse(name, { hour: { $ne: hours } })
    for (const name of ['sessionDays', 'eventDays'])
      await refuse(name, { $or: [{ isStale: true }, { day: { $ne: days } }] })
    const refused: string[] = []
    const refresh = () => store.refresh().catch((error: Error) => void refused.push(error.message))
    const made = (name: string) => server.collection(name).countDocuments({ isStale: { $ne: true } })
    const madeAll = async () =>
      (await made('sessionHours')) === 5 && (await made('eventHours')) === 5 && (await made('sessionDays')) === 1
    for (let turn = 0; turn < 200 && !(await madeAll()); turn++) await refresh()
    expect(await madeAll()).toBe(true)

    // What comes now is brought up to date, however often something comes for the hour that cannot be written.
    const late = Array.from({ length: 30 }, (_, index) => eventOf({ at: START - 50 * HOUR, requestBytes: index }))
    for (const event of late) await store.record([event], RULES)
    const newest = eventOf({ at: START, token: 'newest' })
    await store.record([newest], RULES)
    for (let turn = 0; turn < 200 && (await made('eventHours')) < 6; turn++) await refresh()
    expect(await made('eventHours')).toBe(6)
    expect(refused).not.toBeEmpty()
    const today = [{ from: HOURS - 9 * HOUR, until: HOURS + HOUR, label: 'today' }]
    expect(await store.eventAggregates({ ...ALL_EVENTS, spans: today })).toEqual(
      expectedAggregates([...early, newest], { ...ALL_EVENTS, spans: today }),
    )

    for (const name of ['sessionHours', 'eventHours', 'sessionDays', 'eventDays']) await refuse(name, {})
    await refreshAll(store)
    const all = [...early, ...late, newest]
    expect(sortedAggregates(await store.eventAggregates(DAYS_OF_TRAFFIC))).toEqual(
      expectedAggregates(all, DAYS_OF_TRAFFIC),
    )
    expect(sortedStatistics(await store.sessionStatistics(DAYS))).toEqual(
      expectedStatistics(expectedSessions(all), DAYS),
    )
    for (const name of ['sessionDays', 'eventDays']) expect(await made(name)).toBe(2)
  }, 120_000)

  test('are right by days that begin at half past', async () => {
    const store = await open()
    const [days, begin] = [40, HOURS - 20 * 24 * HOUR + HOUR / 2]
    const events = Array.from({ length: 90 }, (_, index) =>
      eventOf({ token: `t${index}`, at: begin + Math.floor((index * days * 24 * HOUR) / 90) }),
    )
    await store.record(events, RULES)
    const spans = Array.from({ length: days }, (_, day) => ({
      from: begin + day * 24 * HOUR,
      until: begin + (day + 1) * 24 * HOUR,
      label: String(day).padStart(2, '0'),
    }))
    const [asked, askedTraffic] = [
      { ...ALL, spans },
      { ...ALL_EVENTS, spans },
    ]
    await refreshAll(store)
    expect(sortedStatistics(await store.sessionStatistics(asked))).toEqual(
      expectedStatistics(expectedSessions(events), asked),
    )
    expect(sortedAggregates(await store.eventAggregates(askedTraffic))).toEqual(
      expectedAggregates(events, askedTraffic),
    )
  }, 120_000)

  test('are read once each, however often they are written while they are read', async () => {
    const store = await open()
    // More than come in the first answer to a question.
    const events = Array.from({ length: 400 }, (_, index) =>
      eventOf({ token: 'unused', version: `v${index % 50}`, at: HOURS + Math.floor(index / 50) * HOUR }),
    )
    await store.record(events, RULES)
    await refreshAll(store)
    await whileOthersWrite(['eventHours'], async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => store.eventAggregates(ALL_EVENTS)))
      for (const answer of answers) expect(sortedAggregates(answer)).toEqual(expectedAggregates(events, ALL_EVENTS))
    })
  }, 120_000)

  test('wait for a writer that is still writing', async () => {
    const store = await open()
    await store.record([eventOf()], RULES)
    const notes = ['sessionStaleMinutes', 'eventStaleMinutes'].map((name) => server.collection(name))
    for (const each of notes) await each.updateMany({}, { $set: { isWritten: false, at: new Date() } })
    expect(await store.refresh()).toEqual({ isStale: false })
    for (const each of notes) expect(await each.countDocuments()).toBe(1)
  })
})

/** The day that START is in. */
const DAY = Math.floor(START / (24 * HOUR))
const spans = [{ from: START - 24 * HOUR, until: START + 70 * HOUR, label: '' }]
const DAYS = { ...ALL, spans }
const DAYS_OF_TRAFFIC = { ...ALL_EVENTS, spans }
