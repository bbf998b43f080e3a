// What answering needs of every session under way, in memory; on a miss it is rebuilt from what is written down.

import { LRUCache } from 'lru-cache'
import { advance, type LiveSession, recall, reconciled } from '../flow/live.ts'
import type { JsonObject } from '../lib/json.ts'
import { inOrder } from '../trail/derive.ts'
import type { TrailEvent } from '../trail/event.ts'

export type LiveSessions = {
  /**
   * The session of this token, or undefined when there is none or it cannot be had in time. Never rejects. `screen`: where the
   * person is. When we have not sent them there, another process may have, and what is written down is read again.
   */
  get(flow: string, token: string, screen: string): Promise<LiveSession | undefined>
  /** Takes note of an event. `input` is the submitted data as it came. */
  advance(event: TrailEvent, input: JsonObject): void
}

export type LiveSessionDeps = {
  /** The events of one token that are written down, wherever; may reject and may never resolve. */
  readonly eventsOf: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  readonly gapMs: number
}

/** Sessions under way kept in memory; the one not heard of for longest goes first. */
const MAX_UNDER_WAY = 50_000

/** Completed ones are kept only for the second tap on the last button. */
const MAX_COMPLETED = 2_000

/** How long a user may wait for a session to be rebuilt; past it the answer goes on without. */
const RECALL_MS = 150

type Remembered = {
  readonly session: Promise<LiveSession | undefined>
  /** Where the person is, as far as we know. */
  readonly screen: string
}

export function createLiveSessions({ eventsOf, gapMs }: LiveSessionDeps): LiveSessions {
  const underWay = new LRUCache<string, Remembered>({ max: MAX_UNDER_WAY })
  const completed = new LRUCache<string, Remembered>({ max: MAX_COMPLETED })

  const recallInTime = (flow: string, token: string): Promise<LiveSession | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), RECALL_MS)
      eventsOf(flow, token)
        .then((events) => resolve(recall(inOrder(events), gapMs)))
        .catch(() => resolve(undefined))
        .finally(() => clearTimeout(timer))
    })

  const reread = async (remembered: Remembered | undefined, flow: string, token: string) => {
    const [known, written] = await Promise.all([remembered?.session, recallInTime(flow, token)])
    return reconciled(known, written)
  }

  const get = (flow: string, token: string, screen: string) => {
    const key = `${flow}\n${token}`
    const remembered = underWay.get(key) ?? completed.get(key)
    if (remembered?.screen === screen) return remembered.session
    const session = reread(remembered, flow, token)
    underWay.set(key, { session, screen })
    return session
  }

  return {
    get,
    advance(event, input) {
      const key = `${event.flow}\n${event.token}`
      const before = get(event.flow, event.token, event.screen)
      const session = before.then((before) => advance(before, event, input, gapMs))
      const [to, from] = event.outcome === 'completed' ? [completed, underWay] : [underWay, completed]
      to.set(key, { session, screen: event.next || event.screen })
      from.delete(key)
    },
  }
}
