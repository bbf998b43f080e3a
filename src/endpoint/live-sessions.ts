// A bounded cache of live sessions. On a miss it rebuilds a session from stored events; it limits how often it reads those.

import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import {
  advance,
  type Change,
  continuing,
  type LiveSession,
  reconciled,
  type Stored,
  weightOfSession,
} from '../flow/live-session.ts'
import { weightOf } from '../flow/remembered-input.ts'
import type { Stopwatch } from '../lib/clock.ts'
import { answeredWithin, withTimeout } from '../lib/with-timeout.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { SUCCESS, type TrailEvent } from '../trail/event.ts'

/** `isWhole`: whether it has all that was said; not while what is stored of it could not be read. */
export type Advanced = { readonly session: LiveSession; readonly isWhole: boolean }

export type LiveSessions = {
  /**
   * Undefined if there is none, or not in time. Never rejects. `screen`: where the person is. If this process has not sent them there,
   * another may have, and what is stored is read again.
   */
  get(flow: string, token: string, screen: string): Promise<LiveSession | undefined>
  /** After the request was answered. Returns what the session is then. */
  advance(event: TrailEvent, change: Change): Promise<Advanced>
  /** Lets go of what people typed in sessions that have been silent for longer than `gapMs`. To be called from time to time. */
  forgetSilent(): void
  /** Lets go of the sessions of these tokens. Other work goes on meanwhile. */
  forget(isForgotten: (flow: string, token: string) => boolean): Promise<void>
}

type LiveSessionDeps = {
  /** What store and journal have of the session of a token. May reject, or never resolve. */
  readonly stored: (flow: string, token: string) => Promise<Stored>
  /** Whether other processes may answer people of the flow in between, so that what is stored is read for each request. */
  readonly isShared: (flow: string) => boolean
  readonly gapMs: number
  readonly stopwatch: Stopwatch
}

/** The least recently used go first. */
const MAX_UNDER_WAY = 50_000
const UNDER_WAY_BYTES = 96 * 1024 * 1024

/** Completed sessions are kept only for the second tap on the last button. */
const MAX_COMPLETED = 2_000
const COMPLETED_BYTES = 16 * 1024 * 1024

/** How long a reply waits for what is stored of a session. Without it, an API may be told less than what people said. */
const RECALL_MS = 600

/** At a time; more wait. */
const MAX_RECALLS = 64
/** If the store hangs, they pile up. */
const MAX_WAITING = 2_000

/** A recall that takes longer no longer counts as under way. */
const RECALL_TIMEOUT_MS = 30_000

/** A token is read again after this time at the earliest. It doubles with each reading that finds nothing new. */
const REREAD_MS = 250
const MAX_REREAD_MS = 16_000

/** `isWhole`: see `Advanced`. */
type Recalled = { readonly session: LiveSession | undefined; readonly isWhole: boolean }

type CachedSession = {
  readonly recalled: Promise<Recalled>
  /** Where the person is, as far as we know. */
  readonly screen: string
  /** Whether it is to be read before the next request. */
  readonly isDoubtful: boolean
  /** When it may be read again, by the stopwatch, and the wait after that. */
  readonly rereadAt: number
  readonly restMs: number
  readonly weight: number
}

export function createLiveSessions({ stored, isShared, gapMs, stopwatch }: LiveSessionDeps): LiveSessions {
  const cacheOf = (max: number, maxSize: number) => makeCache(max, maxSize, gapMs, stopwatch)
  const underWay = cacheOf(MAX_UNDER_WAY, UNDER_WAY_BYTES)
  const completed = cacheOf(MAX_COMPLETED, COMPLETED_BYTES)
  const recalls = new Map<string, Promise<Stored | undefined>>()
  const queue = new PQueue({ concurrency: MAX_RECALLS })

  /** Undefined where nobody knows. Concurrent callers share one reading. */
  const recallOf = async (key: string, flow: string, token: string): Promise<Stored | undefined> => {
    if (!recalls.has(key) && queue.size >= MAX_WAITING) return undefined
    const askedAt = stopwatch()
    const reading = async () =>
      stopwatch() - askedAt > RECALL_MS ? undefined : withTimeout(RECALL_TIMEOUT_MS, stored(flow, token))
    return recalls.getOrInsertComputed(key, () =>
      queue
        .add(reading)
        .catch(() => undefined)
        .finally(() => recalls.delete(key)),
    )
  }

  /** Corrects what the entry says of itself once the session is there. */
  const keep = (cache: Cache, key: string, remembered: CachedSession, known?: Promise<Recalled>) => {
    cache.set(key, remembered)
    void Promise.all([remembered.recalled, known]).then(([{ session, isWhole }, before]) => {
      if (cache.peek(key) !== remembered) return
      const isNews = known !== undefined && session !== undefined && session !== before?.session
      cache.set(key, {
        ...remembered,
        isDoubtful: !isWhole,
        ...(session && { weight: weightOfSession(session) }),
        ...(isNews && { restMs: REREAD_MS }),
      })
    })
    return remembered
  }

  const read = (key: string, flow: string, token: string, screen: string, before: CachedSession | undefined) => {
    const isAlwaysNews = isShared(flow) && !before?.isDoubtful
    const restMs = isAlwaysNews ? REREAD_MS : Math.min(2 * (before?.restMs ?? REREAD_MS / 2), MAX_REREAD_MS)
    const found = answeredWithin(RECALL_MS, recallOf(key, flow, token))
    const recalled = Promise.all([before?.recalled, found]).then(([known = NOTHING_RECALLED, found]): Recalled => {
      if (!found) return { session: known.session, isWhole: before !== undefined && known.isWhole }
      const session = known.isWhole ? reconciled(known.session, found) : continuing(found.session, known.session, gapMs)
      return { session, isWhole: true }
    })
    const weight = before?.weight ?? 0
    return keep(
      underWay,
      key,
      { recalled, screen, isDoubtful: false, restMs, rereadAt: stopwatch() + restMs, weight },
      before?.recalled,
    )
  }

  const entryOf = (flow: string, token: string, screen: string): CachedSession => {
    const key = tokenKeyOf({ flow, token })
    const remembered = underWay.get(key) ?? completed.get(key)
    const isSure = remembered?.screen === screen && !remembered.isDoubtful && !isShared(flow)
    if (remembered && (isSure || stopwatch() < remembered.rereadAt)) return remembered
    return read(key, flow, token, screen, remembered)
  }

  return {
    get: async (flow, token, screen) => (await entryOf(flow, token, screen).recalled).session,

    advance(event, change) {
      const key = tokenKeyOf(event)
      const before = entryOf(event.flow, event.token, event.screen)
      // After an opening nothing is seen of what was said before it.
      const advanced = before.recalled.then(({ session, isWhole }) => ({
        session: advance(session, event, change, gapMs),
        isWhole: isWhole || event.action === 'init',
      }))
      const [to, from] = event.next === SUCCESS ? [completed, underWay] : [underWay, completed]
      keep(to, key, {
        ...before,
        recalled: advanced,
        screen: event.next || event.screen,
        weight: before.weight + weightOf(change.input, MAX_INPUT_WEIGHT),
      })
      from.delete(key)
      return advanced
    },

    forgetSilent() {
      underWay.purgeStale()
      completed.purgeStale()
    },

    async forget(isForgotten) {
      for (const cache of [underWay, completed])
        for (const [index, key] of [...cache.keys()].entries()) {
          if (index % KEYS_AT_ONCE === KEYS_AT_ONCE - 1) await yieldToEventLoop()
          const end = key.indexOf('\n')
          if (isForgotten(key.slice(0, end), key.slice(end + 1))) cache.delete(key)
        }
    },
  }
}

const NOTHING_RECALLED: Recalled = { session: undefined, isWhole: true }

/** Looked at before other work has its turn: a millisecond. */
const KEYS_AT_ONCE = 200

/** Until it is weighed, a session weighs what it did plus its new input, up to this. */
const MAX_INPUT_WEIGHT = 256 * 1024

type Cache = LRUCache<string, CachedSession>

const makeCache = (max: number, maxSize: number, gapMs: number, stopwatch: Stopwatch): Cache =>
  new LRUCache({
    max,
    maxSize,
    sizeCalculation: ({ weight }, key) => weight + 2 * key.length + 1_024,
    ttl: Math.max(1, Math.ceil(gapMs)),
    ttlResolution: 0,
    perf: { now: stopwatch },
  })
