import type { Totals } from '../store.ts'
import type { Models } from './models.ts'
import type { SegmentHeads } from './segment-heads.ts'
import { endingIs } from './sessions.ts'
import type { SlowAnswers } from './slow-answers.ts'

/** Counts along indexes, because a separate counter would be wrong after a partial write. */
export function createTotals(models: Models, heads: SegmentHeads, slowAnswers: SlowAnswers) {
  const count = counting(models, heads)
  return (now: number, lostAfterMs: number): Promise<Totals> => slowAnswers('totals', () => count(now, lostAfterMs))
}

function counting({ events, sessions }: Models, heads: SegmentHeads) {
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
    return { events: count, untracked: untracked + shared, endings: { completed, open, lost }, bytes }
  }
}

/** The tokens that `isTracked` refuses. */
const UNTRACKED = ['', 'unused']

/** Exact up to `COUNTED`; beyond that the server's estimate, which can be slightly wrong after its crash. */
async function countOf(model: Models['events']): Promise<number> {
  const count = await model.countDocuments({}, { limit: COUNTED })
  return count < COUNTED ? count : Math.max(count, await model.estimatedDocumentCount())
}

export const COUNTED = 50_000

async function bytesOf({ db }: Models['events']): Promise<number> {
  const { storageSize = 0, indexSize = 0 } = (await db.db?.command({ dbStats: 1 })) ?? {}
  return Number(storageSize) + Number(indexSize)
}
