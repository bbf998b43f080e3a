import type { SessionRulebook } from '../../trail/session.ts'
import { type TrailKey, tokensOf, trackedTrails, trailIdOf } from '../trail-key.ts'
import { isOfTrails } from './conditions.ts'
import type { Models } from './models.ts'
import { reconcileSessions, type TrailCollections } from './reconcile-sessions.ts'
import type { SegmentHeads } from './segment-heads.ts'
import { collectionOf } from './writes.ts'

export type RemainsDeps = TrailCollections & {
  readonly models: Pick<Models, 'events' | 'sessions'>
  readonly heads: SegmentHeads
}

/** What is left of trails when events of them are removed. Each step can be repeated. */
export function createRemains({ models, events, sessions, heads, frozen }: RemainsDeps) {
  return {
    /**
     * The sessions of these trails that can still change are compared with what is derived from the events that are left. Who recorded
     * an event in between was refused for too few of them, so these sessions are derived once more.
     */
    async lowerCounts(trails: readonly TrailKey[], rules: SessionRulebook): Promise<void> {
      if (trails.length === 0) return
      const { eventsBefore } = await frozen()
      const open = await models.sessions
        .find(
          { $and: [isOfTrails(trails), { lastAt: { $gte: eventsBefore } }] },
          { _id: 0, flow: 1, token: 1, segment: 1 },
        )
        .lean<TrailKey[]>()
      const live = trackedTrails(open)
      if (live.length === 0) return
      const counts = await events.countsOf(live)
      await collectionOf(models.sessions).bulkWrite(
        live.map((trail) => {
          const { flow, token, segment = 0 } = trail
          const count = counts.get(trailIdOf(trail)) ?? 0
          const filter = { flow, token, segment, lastAt: { $gte: eventsBefore }, sourceEventCount: { $gt: count } }
          return { updateMany: { filter, update: { $set: { sourceEventCount: count } } } }
        }),
        { ordered: false },
      )
      await reconcileSessions({ events, sessions, frozen }, live, rules)
    },

    /** Of those of which nothing is left. */
    async removeHeads(tokens: readonly Pick<TrailKey, 'flow' | 'token'>[]): Promise<void> {
      const among = { token: { $in: tokensOf(tokens) } }
      const left = [
        ...(await models.events.distinct('token', among)),
        ...(await models.sessions.distinct('token', among)),
      ]
      await heads.remove(tokens.filter(({ token }) => !left.includes(token)))
    },
  }
}
