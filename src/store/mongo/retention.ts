// What retention needs: freezing hours, and removing what they were computed from. Without transactions, so each step is left in a
// state that the next call finishes.

import type { Json } from '../../lib/json.ts'
import { HOUR_MS } from '../../lib/units.ts'
import { EMPTY_PART, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import { minuteOf } from '../../rollup/time.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { checkFrozen, FROZEN, type Frozen, frozenIn, laterOf, NEVER } from '../frozen.ts'
import type { Store } from '../store.ts'
import { type TrailKey, tokensOf, trackedTrails, trailIdOf } from '../trail-key.ts'
import type { createDocuments } from './documents.ts'
import type { Models } from './models.ts'
import { createRemains, type RemainsDeps } from './remains.ts'
import { HOURS_INDEX } from './rollup-document.ts'
import type { Sessions } from './sessions.ts'
import type { StaleMinutes } from './stale-minutes.ts'

type Documents = ReturnType<typeof createDocuments>

export const frozenOf = (documents: Documents) => async (): Promise<Frozen> =>
  frozenIn(await documents.getDocument(FROZEN.kind, FROZEN.key, 0))

type Deps = RemainsDeps & {
  readonly documents: Documents
  readonly eventMinutes: StaleMinutes
  readonly sessionMinutes: StaleMinutes
}

type Calls = Pick<Store, 'frozen' | 'freeze' | 'removeEvents' | 'removeSessions'>

export function createRetention(deps: Deps): Calls {
  const { models, documents, events, eventMinutes, sessionMinutes, frozen } = deps

  const { lowerCounts, removeHeads } = createRemains(deps)

  const finish = async (value: Json | undefined, rules: SessionRulebook): Promise<void> => {
    if (value === undefined) return
    const trails = value as unknown as readonly TrailKey[]
    await lowerCounts(trackedTrails(trails), rules)
    await removeHeads(trails)
    await documents.deleteDocuments(REMOVING.kind, REMOVING.key)
  }

  return {
    frozen,

    async freeze(asked) {
      checkFrozen(asked)
      const next = laterOf(await frozen(), asked)
      if (await eventMinutes.hasBefore(minuteOf(next.eventsBefore))) return false
      if (await sessionMinutes.hasBefore(minuteOf(next.sessionsBefore))) return false
      return documents.putDocument({ ...FROZEN, value: next }, { now: 0 })
    },

    async removeEvents(removed, rules) {
      const { eventsBefore } = await frozen()
      const early = removed.find(({ at }) => at >= eventsBefore)
      if (early) throw new Error(`store: event ${early.id} is not to be removed: its hour is not frozen`)
      // An earlier call may have ended half-way.
      await finish(await documents.getDocument(REMOVING.kind, REMOVING.key, 0), rules)
      const trails = await events.trailsOf(removed)
      const value = [...new Map(trails.map((trail) => [trailIdOf(trail), trail])).values()] as unknown as Json
      await documents.putDocument({ ...REMOVING, value }, { now: 0 })
      await models.events.deleteMany({ _id: { $in: removed.map(({ id }) => id) }, token: { $in: tokensOf(removed) } })
      await finish(value, rules)
    },

    async removeSessions(limit) {
      const { eventsBefore, sessionsBefore } = await frozen()
      const found = await models.sessions
        .find({ startedAt: { $lt: sessionsBefore }, lastAt: { $lt: eventsBefore } }, { flow: 1, token: 1 })
        .sort({ startedAt: 1 })
        .limit(limit)
        .lean<{ _id: string; flow: string; token: string }[]>()
      if (found.length === 0) return 0
      await models.sessions.deleteMany({ _id: { $in: found.map(({ _id }) => _id) }, token: { $in: tokensOf(found) } })
      await removeHeads(found)
      return found.length
    },
  }
}

/** The trails of which events are being removed. */
const REMOVING = { kind: 'retention', key: 'removing' } as const

export const createHadSessions =
  ({ sessionHours }: Pick<Models, 'sessionHours'>): Store['hadSessions'] =>
  async ({ from, until }, flow) => {
    const hour = { $gte: Math.floor(from / HOUR_MS), $lt: Math.ceil(until / HOUR_MS) }
    const isAny = { ...(flow !== undefined && { flow }), hour, [first]: { $ne: EMPTY_PART } }
    return (await sessionHours.findOne(isAny, { _id: 1 }).hint(HOURS_INDEX).lean()) !== null
  }

const [first] = SESSION_ROLLUPS.parts

/** The flows with sessions, and those of which only frozen rollups are left. */
export const createFlows =
  ({ models, sessions, frozen }: { readonly models: Models; readonly sessions: Sessions } & Pick<Deps, 'frozen'>) =>
  async (): Promise<readonly string[]> => {
    const { sessionsBefore } = await frozen()
    if (sessionsBefore === NEVER) return sessions.flows()
    const isLeft = { hour: { $lt: sessionsBefore / HOUR_MS }, [first]: { $ne: EMPTY_PART } }
    const frozenFlows = await models.sessionHours.distinct('flow', isLeft)
    return [...new Set([...(await sessions.flows()), ...frozenFlows])].sort()
  }
