// One session: its visits of screens, and what happened in it.

import { takeBytes } from '../lib/take-bytes.ts'
import type { AuditEntry } from '../store/store.ts'
import { repeatsOf } from '../trail/derive-sessions.ts'
import type { TrailEvent } from '../trail/event.ts'
import { endingOf } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { notFound, reported } from './result.ts'

type SessionQuestion = {
  readonly id: string
  /** At most this many visits, and this many events. */
  readonly most: number
  /** Who reads it, for the audit log. */
  readonly audit?: Pick<AuditEntry, 'who' | 'what'> | undefined
}

/** An event, and what follows from the events before it. */
export type SessionMoment = {
  readonly event: TrailEvent
  /** Milliseconds since the session began. */
  readonly sinceMs: number
  readonly isRepeat: boolean
  /** How long the person had the screen before this event, milliseconds; absent if unknown. */
  readonly dwellMs?: number
}

/** Bytes as JSON: people can make any number of visits and events, and large events. */
const BYTES_OF_VISITS = 300_000
const BYTES_OF_EVENTS = 500_000

export async function sessionReport(
  { store, config, now, lostAfterMs }: Pick<ReportContext, 'store' | 'config' | 'now' | 'lostAfterMs'>,
  { id, most, audit }: SessionQuestion,
) {
  const found = await store.session(id)
  if (!found) return notFound('There is no such session; it may have been removed when its retention ended')
  const { steps, ...session } = found
  const page = await store.events({ session: id, limit: most })
  // `repeatsOf` uses only the first two.
  const rules = { gapMs: config.session.gap, repeatWindowMs: config.session.repeat_window, funnel: [], choices: {} }
  const events = takeBytes(page.items, BYTES_OF_EVENTS)
  const visits = takeBytes(steps.slice(0, most), BYTES_OF_VISITS)
  if (audit) await store.audit({ at: now, ...audit, detail: id })
  return reported({
    session: { ...session, ending: endingOf(session, now, lostAfterMs) },
    /** The first visits and events, as many as fit. */
    visits,
    moments: momentsOf(events, repeatsOf(events, rules)),
    /** How many visits were left out. */
    moreVisits: steps.length - visits.length,
    /** Retention has removed its events; this summary remains. */
    areEventsRemoved: page.items.length === 0 && session.lastAt < (await store.frozen()).eventsBefore,
    hasMoreEvents: page.next !== undefined || events.length < page.items.length,
  })
}

/** `events`: those of one session, in order. */
const momentsOf = (events: readonly TrailEvent[], repeats: ReadonlySet<string>): SessionMoment[] =>
  events.map((event, index) => {
    const dwellMs = dwellBefore(events, index, repeats)
    return {
      event,
      sinceMs: event.at - (events[0] as TrailEvent).at,
      isRepeat: repeats.has(event.id),
      ...(dwellMs !== undefined && { dwellMs }),
    }
  })

/** The time from our last reply to this request, if that reply left the person on the screen that the request came from. */
function dwellBefore(events: readonly TrailEvent[], index: number, repeats: ReadonlySet<string>): number | undefined {
  const event = events[index] as TrailEvent
  if (repeats.has(event.id) || (event.action !== 'submit' && event.action !== 'back')) return undefined
  const isAnswer = (earlier: TrailEvent) => earlier.action !== 'client_error' && !repeats.has(earlier.id)
  const previous = events.slice(0, index).findLast(isAnswer)
  if (!previous || (previous.next || previous.screen) !== event.screen) return undefined
  return Math.max(0, event.at - previous.at - previous.processingMs)
}
