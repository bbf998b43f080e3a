import type { Totals } from '../store.ts'
import type { Heads } from './heads.ts'
import type { Models } from './models.ts'
import { endingIs } from './sessions.ts'

/** Counted along indexes whenever asked, because a counter beside the documents would be wrong after a write that half worked. */
export function createTotals({ events, sessions }: Models, heads: Heads) {
  /** Events of segments without sessions; few tokens have such. */
  const countShared = async () => {
    const counts = (await heads.shared()).map(({ flow, token }) =>
      events.countDocuments({ token, segment: { $lt: 0 }, flow }),
    )
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
  return async (now: number, lostAfterMs: number): Promise<Totals> => {
    const lostSince = now - lostAfterMs
    const [count, untracked, shared, completed, open, lost, bytes] = await Promise.all([
      countOf(events),
      events.countDocuments({ token: { $in: UNTRACKED } }),
      countShared(),
      sessions.countDocuments(endingIs('completed', lostSince)),
      sessions.countDocuments(endingIs('open', lostSince)),
      sessions.countDocuments(endingIs('lost', lostSince)),
      bytesOf(events),
    ])
    return {
      events: count,
      untracked: untracked + shared,
      endings: { completed, open, lost },
      bytes,
    }
  }
}

/** The tokens that `isTracked` says no to. */
const UNTRACKED = ['', 'unused']

/** Exact up to `COUNTED`; beyond that what the server has noted, which can be a little off after a crash of its own. */
async function countOf(model: Models['events']): Promise<number> {
  const count = await model.countDocuments({}, { limit: COUNTED })
  return count < COUNTED ? count : Math.max(count, await model.estimatedDocumentCount())
}

const COUNTED = 50_000

async function bytesOf({ db }: Models['events']): Promise<number> {
  const { storageSize = 0, indexSize = 0 } = (await db.db?.command({ dbStats: 1 })) ?? {}
  return Number(storageSize) + Number(indexSize)
}
