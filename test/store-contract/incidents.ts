import { describe, expect, test } from 'bun:test'
import { sha256 } from '../../src/lib/ids.ts'
import type { Incident } from '../../src/trail/incident.ts'
import { START } from '../arbitrary-events.ts'
import { everyPage } from './expected.ts'
import type { Kit } from './kit.ts'

export function incidentsContract({ name, withStore }: Kit): void {
  describe(`${name}: incidents`, () => {
    test(
      'are returned newest first, by category, page by page',
      withStore(async (store) => {
        const incidents = Array.from({ length: 7 }, (_, index) => incidentOf(Math.floor(index / 2), index))
        await store.addIncidents(incidents, 100)
        const ordered = [...incidents].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        for (let limit = 1; limit <= 8; limit++) {
          expect(await everyPage(limit, (page) => store.incidents(page))).toEqual(ordered)
          expect(await everyPage(limit, (page) => store.incidents({ category: 'malformed', ...page }))).toEqual(
            ordered.filter(({ category }) => category === 'malformed'),
          )
        }
      }),
    )

    test(
      'the newest are kept, and each one is counted once',
      withStore(async (store) => {
        const incidents = Array.from({ length: 9 }, (_, index) => incidentOf(index))
        const counts = { malformed: 1 + 3 + 5 + 7 + 9, bad_signature: 2 + 4 + 6 + 8 }
        await store.addIncidents(incidents.slice(0, 6), 4)
        await store.addIncidents(incidents.slice(4), 4)
        for (const again of [incidents, incidents.slice(0, 3), incidents.slice(7)]) await store.addIncidents(again, 4)
        expect(await store.incidentCounts()).toEqual(counts)
        expect((await store.incidents({ limit: 100 })).items).toEqual(incidents.slice(5).reverse())
      }),
    )
  })
}

/** Every second one is `malformed`; each stands for one request more than the one before. */
export function incidentOf(minute: number, number = minute): Incident {
  return {
    id: sha256(`incident ${number}`),
    at: START + minute * 60_000,
    category: number % 2 === 0 ? 'malformed' : 'bad_signature',
    flow: 'repair-booking',
    detail: number === 0 ? '' : `the body is no JSON 🙈 (${number})`,
    count: number + 1,
  }
}
