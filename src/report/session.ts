// One session: its visits of screens, and what happened in it.

import { takeBytes } from '../lib/take-bytes.ts'
import type { AuditEntry } from '../store/store.ts'
import { repeatsOf } from '../trail/derive.ts'
import { endingOf, type Step } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { notFound, type ReportResult, reported } from './result.ts'
import type { SessionLine } from './sessions.ts'
import { momentsOf, type SessionMoment } from './timeline.ts'

export type SessionQuestion = {
  readonly id: string
  /** At most this many visits, and this many events. */
  readonly most: number
  /** Who reads it, for the audit log. */
  readonly audit?: Pick<AuditEntry, 'who' | 'what'> | undefined
}

export type SessionReport = {
  readonly session: SessionLine
  /** The first visits and events, as many as there is room for. */
  readonly visits: readonly Step[]
  readonly moments: readonly SessionMoment[]
  /** How many more visits the session has. */
  readonly moreVisits: number
  readonly hasMoreEvents: boolean
}

/** Bytes as JSON: people can make any number of visits and events, and large events. */
const BYTES_OF_VISITS = 300_000
const BYTES_OF_EVENTS = 500_000

export async function sessionReport(
  { store, config, now, lostAfterMs }: Pick<ReportContext, 'store' | 'config' | 'now' | 'lostAfterMs'>,
  { id, most, audit }: SessionQuestion,
): Promise<ReportResult<SessionReport>> {
  const found = await store.session(id)
  if (!found) return notFound('There is no such session; it may have been removed when its retention ended')
  const { steps, ...session } = found
  const page = await store.events({ session: id, limit: most })
  // `repeatsOf` needs no more of the rules than these two.
  const rules = { gapMs: config.session.gap, repeatWindowMs: config.session.repeat_window, funnel: [], choices: {} }
  const events = takeBytes(page.items, BYTES_OF_EVENTS)
  const visits = takeBytes(steps.slice(0, most), BYTES_OF_VISITS)
  if (audit) await store.audit({ at: now, ...audit, detail: id })
  return reported({
    session: { ...session, ending: endingOf(session, now, lostAfterMs) },
    visits,
    moments: momentsOf(events, repeatsOf(events, rules)),
    moreVisits: steps.length - visits.length,
    hasMoreEvents: page.next !== undefined || events.length < page.items.length,
  })
}
