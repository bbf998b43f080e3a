// Lists sessions, filtered by what the store knows and by factors that they have in common.

import type { Factor } from '../insight/shapes.ts'
import { dayBounds } from '../lib/days.ts'
import { own } from '../lib/json.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { loadBucketOf } from '../rollup/load-bucket.ts'
import type { AuditEntry, Cursor, Page, SessionQuery } from '../store/store.ts'
import { type Ending, endingOf, type Session } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { hourOf, weekdayAt } from './labelled-spans.ts'
import { type Days, reversed } from './period.ts'
import { type ReportResult, reported } from './result.ts'
import { isChosen } from './slices.ts'
import { isKnownFlow, unknownFlow } from './unknown-names.ts'

export type SessionsQuestion = Days & {
  readonly flow?: string | undefined
  readonly ending?: Ending | undefined
  /** The screen that people were on last. */
  readonly exit?: string | undefined
  /** Each form in which the flow token may be stored. */
  readonly token?: readonly string[] | undefined
  /** A refusal or a loading time counts on the screen `exit`; without `exit`, on any screen. */
  readonly factors: readonly Factor[]
  readonly limit: number
  readonly after?: Cursor | undefined
  /** Goes into the audit log before the sessions are read. */
  readonly audit?: Omit<AuditEntry, 'at'> | undefined
}

/** A session without its visits. */
export type SessionLine = Omit<Session, 'steps'> & { readonly ending: Ending }

/**
 * Newest first. Stores do not filter by factors, so this reads a bounded number of pages: with factors, a page can have fewer sessions
 * than `limit`, or none, although more follow.
 */
export async function sessionsReport(
  context: ReportContext,
  question: SessionsQuestion,
): Promise<ReportResult<Page<SessionLine>>> {
  const { store, timezone, now, lostAfterMs } = context
  const { flow, from, until, ending, exit, token, audit } = question
  if (flow !== undefined && !(await isKnownFlow(context, flow))) return unknownFlow(context, flow)
  if (from && until && from > until) return reversed(from, until)
  if (audit) await store.audit({ at: now, ...audit })
  const filters = {
    ...{ flow, ending, exit, token },
    from: from === undefined ? undefined : dayBounds(from, timezone)?.from,
    until: until === undefined ? undefined : dayBounds(until, timezone)?.until,
  }
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  const page = await readPages(context, { ...given, now, lostAfterMs }, question)
  const items = page.items.map(({ steps, ...session }): SessionLine => {
    return { ...session, ending: endingOf(session, now, lostAfterMs) }
  })
  return reported({ ...page, items })
}

async function readPages(
  context: ReportContext,
  query: Omit<SessionQuery, 'limit' | 'after'>,
  { factors, limit, exit, after }: SessionsQuestion,
): Promise<Page<Session>> {
  const hasAll = (session: Session) => factors.every((factor) => hasFactor(session, factor, exit, context))
  const items: Session[] = []
  let next = after
  for (let pages = 0; pages < (factors.length === 0 ? 1 : MOST_PAGES); pages++) {
    const page = await context.store.sessions({
      ...query,
      limit: limit - items.length,
      ...(next !== undefined && { after: next }),
    })
    items.push(...page.items.filter(hasAll))
    next = page.next
    if (next === undefined || items.length === limit) break
    await yieldToEventLoop()
  }
  return { items, ...(next !== undefined && { next }) }
}

const MOST_PAGES = 20

function hasFactor(
  session: Session,
  factor: Factor,
  exit: string | undefined,
  { timezone }: Pick<ReportContext, 'timezone'>,
): boolean {
  const visits = session.steps.filter((step) => exit === undefined || step.screen === exit)
  switch (factor.kind) {
    case 'choice': {
      const value = own(session.choices, factor.field)
      const text = typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)
      return value !== undefined && isChosen({ value }, { field: factor.field, value: text })
    }
    case 'rule':
      return visits.some(({ rejects }) => rejects.some((r) => r.field === factor.field && r.rule === factor.rule))
    case 'load': {
      const loadMs = visits.findLast((visit) => visit.loadMs !== undefined)?.loadMs
      return loadMs !== undefined && loadBucketOf(loadMs) === factor.bucket
    }
    case 'weekday':
      return weekdayAt(session.startedAt, timezone) === factor.weekday
    case 'hour':
      return hourOf(session.startedAt, timezone) === factor.hour
    case 'version':
      return session.version === factor.version
  }
}
