// What answering needs of every session under way, in memory; on a miss it is rebuilt from what is written down. What strangers
// send decides neither how much memory this takes nor how often what is written down is read.

import { LRUCache } from 'lru-cache'
import { advance, type LiveSession, recall, reconciled, weightOfSession } from '../flow/live-session.ts'
import { weightOf } from '../flow/remembered-input.ts'
import type { Stopwatch } from '../lib/clock.ts'
import type { JsonObject } from '../lib/json.ts'
import { answeredWithin, withTimeout } from '../lib/with-timeout.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
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
  /** The newest events of one token that are written down, wherever; may reject and may never resolve. */
  readonly newestEventsOf: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  readonly gapMs: number
  readonly stopwatch: Stopwatch
}

/** Sessions under way kept in memory, and the bytes they take together; the one not heard of for longest goes first. */
const MAX_UNDER_WAY = 50_000
const UNDER_WAY_BYTES = 96 * 1024 * 1024

/** Completed ones are kept only for the second tap on the last button. */
const MAX_COMPLETED = 2_000
const COMPLETED_BYTES = 16 * 1024 * 1024

/** How long a user may wait for a session to be rebuilt; past it the answer goes on without. */
const RECALL_MS = 150

/** Recalls under way at a time. Behind a store that does not answer there would be any number of them. */
const MAX_RECALLS = 64

/** Nobody waits for a recall that long; from then on it no longer counts as under way. */
const RECALL_PATIENCE_MS = 30_000

/**
 * A token is not read again before this time is over, which doubles with each reading that finds nothing new: what one person
 * does by phone alone costs a few readings, and a token that many people share costs no more.
 */
const REREAD_MS = 250
const MAX_REREAD_MS = 16_000

type CachedSession = {
  readonly session: Promise<LiveSession | undefined>
  /** Where the person is, as far as we know. */
  readonly screen: string
  /** When what is written down may be read again, by the stopwatch, and how long that rests after it. */
  readonly rereadAt: number
  readonly restMs: number
  readonly weight: number
}

export function createLiveSessions({ newestEventsOf, gapMs, stopwatch }: LiveSessionDeps): LiveSessions {
  const underWay = cacheOf(MAX_UNDER_WAY, UNDER_WAY_BYTES)
  const completed = cacheOf(MAX_COMPLETED, COMPLETED_BYTES)
  const recalls = new Map<string, Promise<LiveSession | undefined>>()

  /** Whoever wants the same session meanwhile shares this reading of it. */
  const recallOf = (key: string, flow: string, token: string): Promise<LiveSession | undefined> => {
    const running = recalls.get(key)
    if (running) return running
    if (recalls.size >= MAX_RECALLS) return Promise.resolve(undefined)
    const started = withTimeout(RECALL_PATIENCE_MS, newestEventsOf(flow, token))
      .then((events) => recall(inOrder(events), gapMs))
      .catch(() => undefined)
      .finally(() => recalls.delete(key))
    recalls.set(key, started)
    return started
  }

  const recallInTime = (key: string, flow: string, token: string): Promise<LiveSession | undefined> =>
    answeredWithin(RECALL_MS, recallOf(key, flow, token))

  /** Puts it where it belongs, and corrects what is known of it only when the session is there. */
  const keep = (cache: Cache, key: string, remembered: CachedSession, known?: Promise<LiveSession | undefined>) => {
    cache.set(key, remembered)
    void Promise.all([remembered.session, known]).then(([session, before]) => {
      if (!session || cache.peek(key) !== remembered) return
      const isNews = known !== undefined && session !== before
      cache.set(key, { ...remembered, weight: weightOfSession(session), ...(isNews && { restMs: REREAD_MS }) })
    })
    return remembered
  }

  const read = (key: string, flow: string, token: string, screen: string, before: CachedSession | undefined) => {
    const restMs = Math.min(2 * (before?.restMs ?? REREAD_MS / 2), MAX_REREAD_MS)
    const session = Promise.all([before?.session, recallInTime(key, flow, token)]).then(([known, written]) =>
      reconciled(known, written),
    )
    const remembered = { session, screen, restMs, rereadAt: stopwatch() + restMs, weight: before?.weight ?? 0 }
    return keep(underWay, key, remembered, before?.session)
  }

  const entryOf = (flow: string, token: string, screen: string): CachedSession => {
    const key = tokenKeyOf({ flow, token })
    const remembered = underWay.get(key) ?? completed.get(key)
    if (remembered && (remembered.screen === screen || stopwatch() < remembered.rereadAt)) return remembered
    return read(key, flow, token, screen, remembered)
  }

  return {
    get: (flow, token, screen) => entryOf(flow, token, screen).session,

    advance(event, input) {
      const key = tokenKeyOf(event)
      const before = entryOf(event.flow, event.token, event.screen)
      const session = before.session.then((before) => advance(before, event, input, gapMs))
      const [to, from] = event.outcome === 'completed' ? [completed, underWay] : [underWay, completed]
      keep(to, key, {
        ...before,
        session,
        screen: event.next || event.screen,
        weight: before.weight + weightOf(input, WEIGHED),
      })
      from.delete(key)
    },
  }
}

/** Until it is weighed, a session counts for what it was and what came now, at most so much of that. */
const WEIGHED = 256 * 1024

type Cache = LRUCache<string, CachedSession>

const cacheOf = (max: number, maxSize: number): Cache =>
  new LRUCache({ max, maxSize, sizeCalculation: ({ weight }, key) => weight + 2 * key.length + 1_024 })
