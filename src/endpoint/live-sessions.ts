// What answering needs of every session under way, in memory; on a miss it is rebuilt from what is written down.

import { LRUCache } from 'lru-cache'
import { advance, type LiveSession, recall } from '../flow/live.ts'
import type { JsonObject } from '../lib/json.ts'
import { inOrder } from '../trail/derive.ts'
import type { TrailEvent } from '../trail/event.ts'

export type LiveSessions = {
  /** The session of this token, or undefined when there is none or it cannot be had in time. Never rejects. */
  get(flow: string, token: string): Promise<LiveSession | undefined>
  /** Takes note of an event. `input` is the submitted data as it came. */
  advance(event: TrailEvent, input: JsonObject): void
}

export type LiveSessionDeps = {
  /** The events of one token that are written down, wherever; may reject and may never resolve. */
  readonly eventsOf: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  readonly gapMs: number
}

/** Sessions kept in memory; the one not heard of for longest goes first. */
const MAX_SESSIONS = 50_000

/** How long a user may wait for a session to be rebuilt; past it the answer goes on without. */
const RECALL_MS = 150

export function createLiveSessions({ eventsOf, gapMs }: LiveSessionDeps): LiveSessions {
  const sessions = new LRUCache<string, Promise<LiveSession | undefined>>({ max: MAX_SESSIONS })

  const recallInTime = (flow: string, token: string): Promise<LiveSession | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), RECALL_MS)
      eventsOf(flow, token)
        .then((events) => resolve(recall(inOrder(events), gapMs)))
        .catch(() => resolve(undefined))
        .finally(() => clearTimeout(timer))
    })

  const get = (flow: string, token: string) => {
    const key = `${flow}\n${token}`
    const session = sessions.get(key) ?? recallInTime(flow, token)
    sessions.set(key, session)
    return session
  }

  return {
    get,
    advance(event, input) {
      const session = get(event.flow, event.token).then((before) => advance(before, event, input, gapMs))
      sessions.set(`${event.flow}\n${event.token}`, session)
    },
  }
}
