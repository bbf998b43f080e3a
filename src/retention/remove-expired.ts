// Removes what is older than the config keeps it. Without events and sessions, no number changes.

import batch from 'it-batch'
import { dayOf } from '../lib/days.ts'
import { DAY_MS, HOUR_MS } from '../lib/units.ts'
import type { Rollups } from '../rollup/rollups.ts'
import { pagesOf } from '../store/cursor.ts'
import { type Frozen, frozenIn, NEVER } from '../store/frozen.ts'
import type { Store } from '../store/store.ts'
import { trackedTrails } from '../store/trail-key.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { SessionRulebook } from '../trail/session.ts'

/** Milliseconds; without one, that is kept for good. `sessions` is at least `events`, and `rollups` at least `sessions`. */
export type RetentionAges = {
  readonly events?: number | undefined
  readonly sessions?: number | undefined
  readonly rollups?: number | undefined
}

export type RetentionProgress = {
  readonly events: number
  readonly sessions: number
  /** Of hours, days, and parts of hours. */
  readonly rollups: number
  /** From 0 to 1: how far the time is gone through from which events leave. */
  readonly share: number
}

type RetentionDeps = {
  readonly store: Store
  readonly rollups: Pick<Rollups, 'refresh' | 'keepParts'>
  /** Of the questions about days. */
  readonly timezone: string
  /** Those that the server records by. */
  readonly rules: SessionRulebook
  /** Keeps the events of one flow and day (UTC) elsewhere, and resolves when they can be read there. */
  readonly archive?: ((batch: ArchiveBatch) => Promise<unknown>) | undefined
}

type ArchiveBatch = { readonly flow: string; readonly day: string; readonly events: readonly TrailEvent[] }

/** `rollupsBefore`: rollups of days (UTC) before this instant; `NEVER` where none is. */
export type Expired = Frozen & { readonly rollupsBefore: number }

/** What is too old, to the full hour, and of rollups to the full day. */
export const expiredAt = (now: number, { events, sessions, rollups }: RetentionAges): Expired => {
  const before = (age: number | undefined, unit: number) =>
    age === undefined ? NEVER : Math.floor((now - age) / unit) * unit
  return {
    eventsBefore: before(events, HOUR_MS),
    sessionsBefore: before(sessions, HOUR_MS),
    rollupsBefore: before(rollups, DAY_MS),
  }
}

/**
 * First freezes the numbers of the hours that lose something, then removes. Yields after each page what this run has removed so far.
 * Safe to break off anywhere, and to run again.
 */
export async function* removeExpired(
  { store, rollups, timezone, rules, archive }: RetentionDeps,
  expired: Expired,
): AsyncGenerator<RetentionProgress> {
  for (let turns = 0; !(await store.freeze(expired)); turns++) {
    const { isStale } = await rollups.refresh()
    if (turns > MOST_TURNS || (!isStale && !(await store.freeze(expired)))) throw new Error(NOT_FRESH)
    yield NOTHING
  }
  await keepParts(store, rollups, timezone)
  const done = { ...NOTHING }
  let oldest: number | undefined
  for await (const some of batch(flat(removableEvents(store, expired)), archive ? EVENTS_IN_FILE : EVENTS_AT_ONCE)) {
    if (archive) for (const [flow, day, events] of byFlowAndDay(some)) await archive({ flow, day, events })
    for (const page of batch(some, EVENTS_AT_ONCE)) {
      await store.removeEvents(page, rules)
      done.events += page.length
      const through = page.at(-1)?.at ?? expired.eventsBefore
      oldest ??= page[0]?.at ?? through
      done.share = (MOST_FOR_EVENTS * (through - oldest)) / Math.max(1, expired.eventsBefore - oldest)
      yield { ...done }
    }
  }
  for await (const sessions of untilNone(() => store.removeSessions(SESSIONS_AT_ONCE))) {
    done.sessions += sessions
    done.share = MOST_FOR_EVENTS
    yield { ...done }
  }
  const { rollupsBefore } = expired
  if (rollupsBefore === NEVER) return
  for await (const rows of untilNone(() => store.removeRollups(rollupsBefore, ROLLUPS_AT_ONCE))) {
    done.rollups += rows
    yield { ...done }
  }
}

/** How many each call has removed. */
async function* untilNone(remove: () => Promise<number>): AsyncGenerator<number> {
  for (let removed = await remove(); removed > 0; removed = await remove()) yield removed
}

/** Nothing of this run was removed yet. */
export const NOTHING: RetentionProgress = { events: 0, sessions: 0, rollups: 0, share: 0 }

/** Sessions and rollups come last, and nobody knows beforehand how many they are. */
const MOST_FOR_EVENTS = 0.95

/** A page is one transaction on SQLite: some ten milliseconds, for which others wait. */
const EVENTS_AT_ONCE = 500
const SESSIONS_AT_ONCE = 500
/** Of each kind; they are some kilobytes each. */
const ROLLUPS_AT_ONCE = 100
/** Read at once for the archive, which makes a file for each flow and day among them. */
const EVENTS_IN_FILE = 10_000

/** Others may record events of these hours meanwhile, but not for ever. */
const MOST_TURNS = 10_000

const NOT_FRESH =
  'the numbers of the hours whose events are to be removed are not up to date: something is being recorded for them, or they cannot ' +
  'be computed, and then the log says why. Nothing was removed; the next run tries again'

/** Of the hours that are frozen since this was done last; before anything is removed from them. */
async function keepParts(store: Store, rollups: Pick<Rollups, 'keepParts'>, timezone: string): Promise<void> {
  const done = frozenIn(await store.getDocument(PARTS_KEPT.kind, PARTS_KEPT.key, 0))
  const frozen = await store.frozen()
  const of = {
    sessions: { from: done.sessionsBefore, until: frozen.sessionsBefore },
    events: { from: done.eventsBefore, until: frozen.eventsBefore },
  }
  await rollups.keepParts(of, timezone)
  await store.putDocument({ ...PARTS_KEPT, value: frozen }, { now: 0 })
}

/** Up to where the parts of hours are kept. */
const PARTS_KEPT = { kind: 'retention', key: 'parts' } as const

/** The events that are too old, oldest first, in pages; without those of sessions that ended later, which leave together. */
export async function* removableEvents(
  store: Store,
  { eventsBefore }: Pick<Frozen, 'eventsBefore'>,
): AsyncGenerator<readonly TrailEvent[]> {
  const old = { until: eventsBefore, limit: EVENTS_AT_ONCE }
  for await (const page of pagesOf((after) => store.events({ ...old, ...after }))) {
    const removable = await withoutLive(store, page, eventsBefore)
    if (removable.length > 0) yield removable
  }
}

async function withoutLive(store: Store, events: readonly TrailEvent[], endedBefore: number) {
  const trails = trackedTrails(events.map(({ flow, token }) => ({ flow, token })))
  const live = trails.length === 0 ? [] : await store.sessionsOf(trails, { from: endedBefore, to: endedBefore })
  const isLive = ({ flow, token, at }: TrailEvent) =>
    live.some((session) => session.flow === flow && session.token === token && session.startedAt <= at)
  return live.length === 0 ? events : events.filter((event) => !isLive(event))
}

async function* flat<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const page of pages) yield* page
}

function byFlowAndDay(events: readonly TrailEvent[]): [flow: string, day: string, events: TrailEvent[]][] {
  const groups = Map.groupBy(events, ({ flow, at }) => `${flow}\n${dayOf(at, 'UTC')}`)
  return [...groups].map(([key, some]) => [...(key.split('\n') as [string, string]), some])
}
