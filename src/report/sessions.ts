// Lists sessions. Stores filter by some facts; the others are looked for session by session.

import { dayBounds } from '../lib/days.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { pageOf } from '../store/cursor.ts'
import type { AuditEntry, Cursor, Page, SessionQuery } from '../store/store.ts'
import { type Ending, endingOf, type Session } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { type Days, reversed } from './period.ts'
import { sessionsRemovedBefore } from './removed.ts'
import { badParameter, type ReportResult, reported } from './result.ts'
import { isFiltering, matches, type SessionFilter } from './session-filter.ts'
import { isKnownFlow, unknownFlow } from './unknown-names.ts'

/** Which sessions. */
export type SessionChoice = Days & {
  readonly flow?: string | undefined
  readonly ending?: Ending | undefined
  /** Each form in which the flow token may be stored. */
  readonly token?: readonly string[] | undefined
  readonly filter: SessionFilter
}

export type SessionsQuestion = SessionChoice & {
  readonly limit: number
  readonly after?: Cursor | undefined
  /** Goes into the audit log before the sessions are read. */
  readonly audit?: Omit<AuditEntry, 'at'> | undefined
}

/** A session without its visits. */
export type SessionLine = Omit<Session, 'steps'> & { readonly ending: Ending }

/**
 * `searchedTo`: the search stopped at sessions that began then; `next` goes on from there. `removedBefore`: retention has removed those of
 * the period that began before.
 */
export type FoundSessions<S> = Page<S> & { readonly searchedTo?: number; readonly removedBefore?: number }

/**
 * Newest first. With a filter, this reads a bounded number of sessions: a page can have fewer sessions than `limit`, or none,
 * although more follow.
 */
export async function sessionsReport(
  context: ReportContext,
  question: SessionsQuestion,
): Promise<ReportResult<FoundSessions<SessionLine>>> {
  const { store, timezone, now, lostAfterMs } = context
  const { flow, from, until, audit, filter } = question
  if (flow !== undefined && !(await isKnownFlow(context, flow))) return unknownFlow(context, flow)
  if (from && until && from > until) return reversed(from, until)
  if (filter.place && !filter.place.steps && !context.flows.has(flow ?? '')) return NO_STEPS
  if (audit) await store.audit({ at: now, ...audit })
  const given = { ...storeQueryOf(question, timezone), now, lostAfterMs }
  const page = await readPage(context, given, question)
  const items = page.items.map(({ steps, ...session }): SessionLine => {
    return { ...session, ending: endingOf(session, now, lostAfterMs) }
  })
  const { from: startsAt, until: endsAt } = given
  const removed = await sessionsRemovedBefore(context, { startsAt, endsAt }, flow)
  return reported({ ...page, ...removed, items })
}

/** `searchedTo`: there are at least so many; the search stopped at sessions that began then. */
export type SessionCount = { readonly count: number; readonly searchedTo?: number }

export async function sessionCountReport(
  context: ReportContext,
  question: SessionChoice,
): Promise<ReportResult<SessionCount>> {
  let count = 0
  let after: Cursor | undefined
  for (let pages = 0; ; pages++) {
    const page = await sessionsReport(context, {
      ...question,
      limit: COUNTED_AT_ONCE,
      ...(after !== undefined && { after }),
    })
    if (!page.ok) return page
    const { items, next, searchedTo } = page.report
    count += items.length
    if (next === undefined) return reported({ count })
    if (pages >= MOST_COUNTED / COUNTED_AT_ONCE || searchedTo !== undefined)
      return reported({ count, searchedTo: searchedTo ?? items.at(-1)?.startedAt ?? 0 })
    after = next
    await yieldToEventLoop()
  }
}

const COUNTED_AT_ONCE = 1_000
const MOST_COUNTED = 20_000

/** A filtered page stops after this many sessions: a rare filter would read the whole store. */
const MOST_SEARCHED = 10_000

/** Sessions read at once for a filtered page. */
const SEARCHED_AT_ONCE = 500

/** What stores filter by. */
export function storeQueryOf(
  { flow, from, until, ending, token, filter: { exit } }: SessionChoice,
  timezone: string,
): Omit<SessionQuery, 'limit' | 'after' | 'now' | 'lostAfterMs'> {
  const filters = {
    ...{ flow, ending, exit, token },
    from: from === undefined ? undefined : dayBounds(from, timezone)?.from,
    until: until === undefined ? undefined : dayBounds(until, timezone)?.until,
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

const NO_STEPS = badParameter(
  '`steps` is missing; expected the steps, or a `flow` of the config, whose funnel they are',
)

async function readPage(
  { store, flows, timezone }: ReportContext,
  query: Omit<SessionQuery, 'limit' | 'after'>,
  { flow = '', filter, limit, after }: SessionsQuestion,
): Promise<FoundSessions<Session>> {
  const read = (most: number, from: Cursor | undefined) =>
    store.sessions({ ...query, limit: most, ...(from !== undefined && { after: from }) })
  if (!isFiltering(filter)) return read(limit, after)
  const meaning = { timezone, funnel: flows.get(flow)?.funnel ?? [] }
  const found: Session[] = []
  let next = after
  for (let searched = 0; ; ) {
    const page = await read(SEARCHED_AT_ONCE, next)
    found.push(...page.items.filter((session) => matches(session, filter, meaning)))
    if (found.length > limit) return pageOf(found, limit, ({ startedAt, id }) => ({ at: startedAt, id }))
    if (found.length === limit || page.next === undefined) return { ...page, items: found }
    next = page.next
    searched += page.items.length
    if (searched >= MOST_SEARCHED) return { items: found, next, searchedTo: page.items.at(-1)?.startedAt ?? 0 }
    // Other questions wait for this thread, and on SQLite reading a page blocks it.
    await yieldToEventLoop()
  }
}
