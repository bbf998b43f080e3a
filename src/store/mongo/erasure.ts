// Removes what there is of one person, whatever its age. Without transactions: what a call leaves half done, the next one finishes.

import { minutesOf } from '../../rollup/time.ts'
import type { Session, SessionRulebook } from '../../trail/session.ts'
import type { Store, Token } from '../store.ts'
import { type TrailKey, tokensOf, trackedTrails } from '../trail-key.ts'
import type { Models } from './models.ts'
import { reconcileSessions } from './reconcile-sessions.ts'
import { createRemains, type RemainsDeps } from './remains.ts'
import type { StaleMinutes } from './stale-minutes.ts'

type Deps = RemainsDeps & {
  readonly models: Pick<Models, 'events' | 'sessions'>
  readonly eventMinutes: StaleMinutes
  readonly sessionMinutes: StaleMinutes
}

type Calls = Pick<Store, 'sharedTokens' | 'eraseToken' | 'eraseItems'>
type FoundEvent = TrailKey & { readonly _id: string; readonly version: string; readonly at: number }
type FoundSession = TrailKey & Pick<Session, 'version' | 'startedAt'> & { readonly _id: string }

export function createErasure(deps: Deps): Calls {
  const { models, heads, eventMinutes, sessionMinutes } = deps
  const { lowerCounts, removeHeads } = createRemains(deps)

  const removeEvents = async (found: readonly FoundEvent[]): Promise<number> => {
    if (found.length === 0) return 0
    const among = { _id: { $in: found.map(({ _id }) => _id) }, token: { $in: tokensOf(found) } }
    const { deletedCount } = await eventMinutes.during(minutesOf(found), () => models.events.deleteMany(among))
    return deletedCount
  }

  const removeSessions = async (found: readonly FoundSession[]): Promise<number> => {
    if (found.length === 0) return 0
    const among = { _id: { $in: found.map(({ _id }) => _id) }, token: { $in: tokensOf(found) } }
    const moments = found.map(({ flow, version, startedAt }) => ({ flow, version, at: startedAt }))
    const { deletedCount } = await sessionMinutes.during(minutesOf(moments), () => models.sessions.deleteMany(among))
    return deletedCount
  }

  /** All segments of the token, also those of which an earlier call has removed the last event that it was to. */
  const segmentsOf = async ({ flow, token }: Token): Promise<TrailKey[]> => {
    const segments = [
      ...(await models.events.distinct('segment', { token, flow })),
      ...(await models.sessions.distinct('segment', { token, flow })),
    ]
    return [...new Set(segments)].map((segment) => ({ flow, token, segment: Number(segment) }))
  }

  /** Makes the sessions those of the events that are left. */
  const settle = async (trails: readonly TrailKey[], rules: SessionRulebook): Promise<void> => {
    const tracked = trackedTrails(trails)
    await lowerCounts(tracked, rules)
    if (tracked.length > 0) await reconcileSessions(deps, tracked, rules)
    await removeHeads(trails)
  }

  return {
    sharedTokens: async (tokens) => (tokens.length === 0 ? [] : heads.sharedAmong(tokens)),

    async eraseToken({ flow, token }, upTo, limit, rules) {
      const found = await models.events
        .find({ token, flow, at: { $lte: upTo } }, EVENT)
        .limit(limit)
        .lean<FoundEvent[]>()
      const events = await removeEvents(found)
      if (found.length === limit) return { events, sessions: 0 }
      const began = await models.sessions
        .find({ token, flow, startedAt: { $lte: upTo } }, SESSION)
        .lean<FoundSession[]>()
      const sessions = await removeSessions(began)
      await settle([...(await segmentsOf({ flow, token })), { flow, token }], rules)
      return { events, sessions }
    },

    async eraseItems(items, rules) {
      const found = await models.events
        .find({ _id: { $in: items.events.map(({ id }) => id) }, token: { $in: tokensOf(items.events) } }, EVENT)
        .lean<FoundEvent[]>()
      const sessions = await models.sessions
        .find({ _id: { $in: items.sessions.map(({ id }) => id) }, token: { $in: tokensOf(items.sessions) } }, SESSION)
        .lean<FoundSession[]>()
      const done = { events: await removeEvents(found), sessions: await removeSessions(sessions) }
      const tokens = [...items.events, ...items.sessions].map(({ flow, token }) => ({ flow, token }))
      const distinct = [...new Map(tokens.map((token) => [JSON.stringify(token), token])).values()]
      for (const token of distinct) await settle([...(await segmentsOf(token)), token], rules)
      return done
    },
  }
}

const EVENT = { flow: 1, token: 1, segment: 1, version: 1, at: 1 } as const
const SESSION = { flow: 1, token: 1, segment: 1, version: 1, startedAt: 1 } as const
