// Sessions one by one: those that filters choose, and what happened in one of them.

import type { Factor } from '../insight/drivers.ts'
import { own } from '../lib/json.ts'
import { takeBytes } from '../lib/take-bytes.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { loadBucketOf } from '../rollup/load-bucket.ts'
import type { Page, SessionQuery } from '../store/store.ts'
import { repeatsOf } from '../trail/derive.ts'
import { type Ending, endingOf, type Session, type Step } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { hourOf, weekdayAt } from './labelled-spans.ts'
import { isChosen } from './slices.ts'
import { momentsOf, type SessionMoment } from './timeline.ts'

export type SessionFilter = {
  readonly [name in keyof Pick<SessionQuery, 'flow' | 'ending' | 'exit' | 'token' | 'from' | 'until'>]?:
    | SessionQuery[name]
    | undefined
} & {
  /** What they must have in common. A refusal or a loading time is looked for on the screen `exit`, or else on all. */
  readonly factors: readonly Factor[]
}

/**
 * Newest first. Stores know nothing of factors: with some, a page is looked for in so many steps at most, and can hold fewer
 * than `limit`, or none, though more follow.
 */
export async function findSessions(
  reader: ReportContext,
  { factors, ...filter }: SessionFilter,
  limit: number,
  after?: string,
): Promise<Page<Session>> {
  const { store, now, lostAfterMs } = reader
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  const query = { ...given, now, lostAfterMs }
  if (factors.length === 0) return store.sessions({ ...query, limit, ...(after !== undefined && { after }) })

  const items: Session[] = []
  let next = after
  for (let step = 0; step < STEPS; step++) {
    const page = await store.sessions({
      ...query,
      limit: limit - items.length,
      ...(next !== undefined && { after: next }),
    })
    const isWanted = (session: Session) => factors.every((factor) => has(session, factor, filter.exit, reader))
    items.push(...page.items.filter(isWanted))
    next = page.next
    if (next === undefined || items.length === limit) break
    await yieldToEventLoop()
  }
  return { items, ...(next !== undefined && { next }) }
}

const STEPS = 20

export type SessionReport = {
  readonly session: Session
  readonly ending: Ending
  /** As many visits of the session, and of its events, as there is room for; the first ones. */
  readonly visits: readonly Step[]
  readonly moments: readonly SessionMoment[]
  /** There are more events than are told. */
  readonly isCut: boolean
}

/** Bytes as JSON: people can make visits and events as many, and events as large, as they like. */
const BYTES_OF_VISITS = 300_000
const BYTES_OF_EVENTS = 500_000

/** Undefined when there is no such session. `most`: visits, and events, that are told. */
export async function sessionReport(
  { store, config, now, lostAfterMs }: Pick<ReportContext, 'store' | 'config' | 'now' | 'lostAfterMs'>,
  id: string,
  most: number,
): Promise<SessionReport | undefined> {
  const session = await store.session(id)
  if (!session) return undefined
  const page = await store.events({ session: id, limit: most })
  // Telling repeats apart needs no more of the rules than this.
  const rules = { gapMs: config.session.gap, repeatWindowMs: config.session.repeat_window, funnel: [], choices: {} }
  const events = takeBytes(page.items, BYTES_OF_EVENTS)
  return {
    session,
    visits: takeBytes(session.steps.slice(0, most), BYTES_OF_VISITS),
    ending: endingOf(session, now, lostAfterMs),
    moments: momentsOf(events, repeatsOf(events, rules)),
    isCut: page.next !== undefined || events.length < page.items.length,
  }
}

function has(session: Session, factor: Factor, exit: string | undefined, { timezone }: ReportContext): boolean {
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
