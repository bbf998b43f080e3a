import type { Totals } from '../store.ts'
import type { Incidents } from './incidents.ts'
import type { Models } from './models.ts'

/** Counted along indexes, whenever asked: a counter kept beside the documents would be wrong after a retry that half worked. */
export function createTotals({ events, sessions }: Models, incidents: Incidents) {
  return async (now: number, lostAfterMs: number): Promise<Totals> => {
    const [count, untracked, completed, uncompleted, open, refused, bytes, flows, exits] = await Promise.all([
      events.estimatedDocumentCount(),
      events.countDocuments({ token: { $in: UNTRACKED } }),
      sessions.countDocuments({ isCompleted: true }),
      sessions.countDocuments({ isCompleted: false }),
      sessions.countDocuments({ isCompleted: false, lastAt: { $gt: now - lostAfterMs } }),
      incidents.counts(),
      bytesOf(events),
      sessions.distinct('flow'),
      sessions.distinct('exit'),
    ])
    return {
      events: count,
      untracked,
      endings: { completed, open, lost: uncompleted - open },
      incidents: refused,
      bytes,
      flows: flows.sort(),
      exits: exits.filter((screen) => screen !== '').sort(),
    }
  }
}

/** The tokens that `isTracked` says no to. */
const UNTRACKED = ['', 'unused']

async function bytesOf({ db }: Models['events']): Promise<number> {
  const { storageSize, indexSize } = await db.db.command({ dbStats: 1 })
  return storageSize + indexSize
}
