import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { ANY, answersOf, expectedAnswers, HOUR, RULES } from './expected.ts'
import { incidentOf } from './incidents.ts'
import type { Kit } from './kit.ts'

export function lifecycleContract({ name, withStore }: Kit): void {
  describe(`${name}: life cycle`, () => {
    test(
      'a reopened store holds everything it held',
      withStore(async (store, reopen) => {
        const events = fc
          .sample(arbitraryEvents, { seed: 7, numRuns: 20 })
          .reduce((a, b) => (b.length > a.length ? b : a))
        const entry = { at: 1, who: 'system', what: 'setup', detail: '' } as const
        await store.record(events, RULES)
        await store.addIncidents([incidentOf(1), incidentOf(2)], 1)
        await store.putDocument(login, { now: 0 })
        await store.audit(entry)

        const again = await reopen()
        expect(await answersOf(again, events)).toEqual({
          ...expectedAnswers(events),
          incidents: { malformed: 3, bad_signature: 2 },
        })
        expect((await again.incidents({ limit: 9 })).items).toEqual([incidentOf(2)])
        expect(await again.getDocument('login', 'ada', 0)).toBe('first')
        expect(await again.audits(9)).toEqual([entry])
        expect(await again.record(events, RULES)).toEqual({ stored: 0, alreadyStored: events.length, refused: [] })
        await again.addIncidents([incidentOf(1)], 1)
        expect(await again.incidentCounts()).toEqual({ malformed: 3, bad_signature: 2 })
      }),
    )

    test(
      'tells whether it ever had events: also when all are gone, where something says that they were removed',
      withStore(async (store, reopen) => {
        const entry = { at: 1, who: 'ada', what: 'login', detail: '' } as const
        await store.audit(entry)
        await store.putDocument(login, { now: 0 })
        expect(await store.hadEvents()).toBe(false)
        const { flow, token, at } = eventOf()
        await store.record([eventOf()], RULES)
        expect(await store.hadEvents()).toBe(true)
        while ((await store.eraseToken({ flow, token }, at, 10, RULES)).events > 0);
        expect(await store.hadEvents()).toBe(false)
        await store.audit({ ...entry, what: 'person_erased' })
        expect(await (await reopen()).hadEvents()).toBe(true)
      }),
    )

    test(
      'close is idempotent, and every call after it rejects',
      withStore(async (store) => {
        await Promise.all([store.close(), store.close()])
        await store.close()
        for (const call of EVERY_CALL) await expect(call(store)).rejects.toThrow(/closed/)
      }),
    )

    test(
      'close waits for the calls before it',
      withStore(async (store, reopen) => {
        const event = eventOf()
        const recorded = store.record([event], RULES)
        await store.close()
        expect(await recorded).toMatchObject({ stored: 1 })
        expect(await (await reopen()).eventsOf(event.flow, event.token)).toEqual([event])
      }),
    )
  })
}

const login = { kind: 'login', key: 'ada', value: 'first' }

const EVERY_CALL: readonly ((store: StoreWithRollups) => Promise<unknown>)[] = [
  (store) => store.record([eventOf()], RULES),
  (store) => store.addIncidents([incidentOf(1)], 10),
  (store) => store.eventsOf('repair-booking', 'ada'),
  (store) => store.session('any'),
  (store) => store.sessionsOf([]),
  (store) => store.trails({ limit: 1 }),
  (store) => store.rederive([], RULES),
  (store) => store.sessionStatistics({ ...ANY, flow: 'repair-booking', spans: [], detail: 'all' }),
  (store) => store.eventAggregates({ flow: 'repair-booking', spans: [], parts: [] }),
  (store) => store.refresh(),
  (store) => store.recomputeAll(),
  (store) => store.sessions(ANY),
  (store) => store.events({ limit: 1 }),
  (store) => store.incidents({ limit: 1 }),
  (store) => store.incidentCounts(),
  (store) => store.flows(),
  (store) => store.exits(),
  (store) => store.hadEvents(),
  (store) => store.totals(START, HOUR),
  (store) => store.getDocument('login', 'ada', 0),
  (store) => store.documents('login', 0),
  (store) => store.putDocument(login, { now: 0 }),
  (store) => store.deleteDocuments('login'),
  (store) => store.audit({ at: 1, who: 'ada', what: 'login', detail: '' }),
  (store) => store.audits(1),
  (store) => store.auditHead(),
  (store) => store.auditLinks(undefined, 1),
]
