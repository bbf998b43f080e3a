// What a store that was given these events must answer, worked out in plain code; and how to ask one for everything.

import type { EventQuery, Page, SessionQuery, Store } from '../../src/store/store.ts'
import { inOrder, sessionsOf } from '../../src/trail/derive-sessions.ts'
import { isTracked, type TrailEvent } from '../../src/trail/event.ts'
import { endingOf, type Session, type SessionRulebook } from '../../src/trail/session.ts'
import { START } from '../arbitrary-events.ts'

export const HOUR = 3_600_000

const rules = {
  gapMs: HOUR,
  repeatWindowMs: 15_000,
  funnel: [['SERVICE_SELECTION'], ['DATE_TIME', 'CONTACT_INFO']],
  choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['note'] },
}

/** Two flows that follow different rules. */
export const RULES: SessionRulebook = { flows: { 'repair-booking': rules }, otherwise: { ...rules, gapMs: 2 * HOUR } }

/** Matches every session. */
export const ANY: SessionQuery = { now: START, lostAfterMs: HOUR, limit: 1_000 }

export function expectedSessions(events: readonly TrailEvent[], rulebook = RULES): Session[] {
  const trails = Map.groupBy(
    events.filter(({ token }) => isTracked(token)),
    ({ flow, token }) => `${flow}\n${token}`,
  )
  return [...trails.values()]
    .flatMap((trail) => sessionsOf(trail, rulebook.flows[String(trail[0]?.flow)] ?? rulebook.otherwise))
    .sort(newestFirst)
}

export const newestFirst = (a: Session, b: Session): number => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1)

export function isWanted(session: Session, query: SessionQuery): boolean {
  return (
    isOfFlow(session, query) &&
    (query.token === undefined || [query.token].flat().includes(session.token)) &&
    (query.exit === undefined || session.exit === query.exit) &&
    (query.ending === undefined || endingOf(session, query.now, query.lostAfterMs) === query.ending) &&
    isWithin(session.startedAt, query)
  )
}

export const isOfFlow = (item: { flow: string }, query: { flow?: string }): boolean =>
  query.flow === undefined || item.flow === query.flow

export const isWithin = (at: number, { from, until }: Pick<EventQuery, 'from' | 'until'>): boolean =>
  (from === undefined || at >= from) && (until === undefined || at < until)

/** Everything that can be asked for, as `answersOf` asks it. */
export function expectedAnswers(events: readonly TrailEvent[], rulebook = RULES) {
  const sessions = expectedSessions(events, rulebook)
  const endings = { completed: 0, open: 0, lost: 0 }
  for (const session of sessions) endings[endingOf(session, NOW, HOUR)]++
  return {
    events: inOrder(events),
    trails: trailsOf(events).map(({ flow, token }) =>
      inOrder(events.filter((event) => event.flow === flow && event.token === token)),
    ),
    sessions,
    count: events.length,
    untracked: events.filter(({ token }) => !isTracked(token)).length,
    endings,
    incidents: {},
    flows: [...new Set(sessions.map(({ flow }) => flow))].sort(),
    exits: [...new Set(sessions.map(({ exit }) => exit))].filter((exit) => exit !== '').sort(),
  }
}

export async function answersOf(
  store: Store,
  events: readonly TrailEvent[],
): Promise<ReturnType<typeof expectedAnswers>> {
  const { events: count, untracked, endings } = await store.totals(NOW, HOUR)
  return {
    events: await allEvents(store),
    trails: await Promise.all(
      trailsOf(events).map(async ({ flow, token }) => [...(await store.eventsOf(flow, token))]),
    ),
    sessions: await allSessions(store),
    count,
    untracked,
    endings,
    incidents: await store.incidentCounts(),
    flows: [...(await store.flows())],
    exits: [...(await store.exits())],
  }
}

export const allEvents = (store: Store) => everyPage(7, (page) => store.events(page))
export const allSessions = (store: Store) => everyPage(7, (page) => store.sessions({ ...ANY, ...page }))

/** Walks from page to page; `between` happens before each of the first few pages but the first. */
export async function everyPage<T>(
  limit: number,
  ask: (page: { limit: number; after?: string }) => Promise<Page<T>>,
  between: () => Promise<void> = async () => {},
): Promise<T[]> {
  const items: T[] = []
  let page = await ask({ limit })
  for (let turned = 0; page.next !== undefined; turned++) {
    if (page.items.length !== limit) throw new Error(`a page of ${limit} with more to follow has ${page.items.length}`)
    items.push(...page.items)
    if (turned < 5) await between()
    page = await ask({ limit, after: page.next })
    if (page.items.length === 0) throw new Error('a page said that more follow, and none did')
  }
  if (page.items.length > limit) throw new Error(`a page of ${limit} has ${page.items.length}`)
  return [...items, ...page.items]
}

const NOW = START + 3 * HOUR

/** Each once, tracked or not. */
export function trailsOf(events: readonly TrailEvent[]) {
  return [...new Map(events.map(({ flow, token }) => [`${flow}\n${token}`, { flow, token }])).values()]
}
