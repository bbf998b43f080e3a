// Rollups: the tally of a flow and version for each hour in which sessions began. They are made from tallies of minutes, so that
// a busy hour need not be gone through anew for each session that is added to it.

import type { Session } from '../trail/session.ts'
import { total } from './counts.ts'
import { ALL, mergeTallies, NO_SESSIONS, type Tally, tallyOf } from './tally.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
const MINUTES = HOUR_MS / MINUTE_MS

export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS)
export const hourOfMinute = (minute: number): number => Math.floor(minute / MINUTES)

export type Span = { readonly from: number; readonly until: number }

/** The one that the instant is in, if any; `spans` in order, and none within another. */
export function spanAt<S extends Span>(spans: readonly S[], at: number): S | undefined {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as S).until <= at) low = middle + 1
    else high = middle
  }
  const span = spans[low]
  return span && span.from <= at ? span : undefined
}

/** The whole hours in a span (from `first` up to, but without, `end`), and what is left of it before and after them. */
export function coverOf({ from, until }: Span): { first: number; end: number; rest: Span[] } {
  const first = Math.ceil(from / HOUR_MS)
  const end = Math.floor(until / HOUR_MS)
  if (first >= end) return { first, end: first, rest: from < until ? [{ from, until }] : [] }
  const rest = [
    { from, until: first * HOUR_MS },
    { from: end * HOUR_MS, until },
  ]
  return { first, end, rest: rest.filter((span) => span.from < span.until) }
}

const HOURS = 24

/** Days as they are counted in UTC; a question in another time zone has some hours more at either end. */
export const hoursOfDay = (day: number): Hours => ({ first: day * HOURS, end: (day + 1) * HOURS })

/** From `first` up to, but without, `end`. */
export type Hours = { readonly first: number; readonly end: number }

/** The whole days among these hours, and the hours before and after them. */
export function splitByDays({ first, end }: Hours): { days: Hours; hours: Hours[] } {
  const days = { first: Math.ceil(first / HOURS), end: Math.floor(end / HOURS) }
  if (days.first >= days.end) return { days: { first: 0, end: 0 }, hours: [{ first, end }] }
  const hours = [
    { first, end: days.first * HOURS },
    { first: days.end * HOURS, end },
  ]
  return { days, hours: hours.filter((each) => each.first < each.end) }
}

/** Sessions. */
const LARGE_HOUR = 2_000

/** So many sessions come to this. */
export type Added = { readonly tally: Tally; readonly size: number }

/** One hour in the making. */
export type Hour = {
  /** The minutes that are to be gone through, in order, where `changes` is how often each has changed that has. */
  stale(changes: ReadonlyMap<number, number>): number[]
  /** `changes`: as it stood when the sessions were read, which may have been added up since. */
  set(minute: number, sessions: readonly Session[] | Added, changes: number): void
  /** How often each minute had changed when it was gone through. */
  seen(): ReadonlyMap<number, number>
  /** What has changed so far is forgotten, and counted anew. */
  settle(): void
  /** To go through it anew takes long enough to remember its minutes; of others it is as quick. */
  isLarge(): boolean
  tally(): Tally
}

export function startHour(hour: number): Hour {
  const first = hour * MINUTES
  const minutes = new Map<number, readonly Session[] | Tally>()
  const sizes = new Map<number, number>()
  const seen = new Map<number, number>()
  const isLarge = () => total([...sizes.values()]) > LARGE_HOUR
  return {
    stale: (changes) =>
      Array.from({ length: MINUTES }, (_, index) => first + index).filter(
        (minute) => !seen.has(minute) || (changes.get(minute) ?? seen.get(minute)) !== seen.get(minute),
      ),
    set(minute, content, changes) {
      seen.set(minute, changes)
      sizes.set(minute, 'tally' in content ? content.size : content.length)
      minutes.set(minute, 'tally' in content ? content.tally : content)
      if (isLarge()) for (const [each, content] of minutes) minutes.set(each, tallied(content))
    },
    seen: () => seen,
    settle() {
      for (const minute of seen.keys()) seen.set(minute, 0)
    },
    isLarge,
    tally() {
      const contents = [...minutes.values()]
      // One tally of a few sessions is made sooner than sixty, and their sum.
      return contents.every(isList) ? tallyOf(contents.flat()) : mergeTallies(contents.map(tallied))
    },
  }
}

const isList = (content: readonly Session[] | Tally): content is readonly Session[] => Array.isArray(content)
const tallied = (content: readonly Session[] | Tally): Tally => (isList(content) ? tallyOf(content) : content)

/** As it is kept: what many questions need alone, and the rest. */
export function toParts({ groups, ...rest }: Tally): { ways: string; rest: string } {
  const { [ALL]: ways = {}, ...choices } = groups
  return { ways: JSON.stringify(ways), rest: JSON.stringify({ choices, ...rest }) }
}

export function fromParts(ways: string, rest: string | undefined): Tally {
  const all = { [ALL]: JSON.parse(ways) as Tally['groups'][string] }
  if (rest === undefined) return { ...NO_SESSIONS, groups: all }
  const { choices, ...more } = JSON.parse(rest) as Omit<Tally, 'groups'> & { choices: Tally['groups'] }
  return { groups: { ...all, ...choices }, ...more }
}

/** Runs of minutes without a gap. */
export function runsOf(minutes: readonly number[]): Span[] {
  const runs: { from: number; until: number }[] = []
  for (const minute of minutes) {
    const last = runs.at(-1)
    if (last?.until === minute) last.until++
    else runs.push({ from: minute, until: minute + 1 })
  }
  return runs
}

/** Each minute of the run with its sessions, of which there may be none. `found` in the order of their beginning. */
export function* byMinute(found: Iterable<Session>, from: number, until: number): Generator<[number, Session[]]> {
  const sorter = startMinutes(from)
  for (const session of found) yield* sorter.take(session)
  yield* sorter.end(until)
}

/** The same of sessions that have to be waited for. */
export async function* byMinuteAsync(
  found: AsyncIterable<Session>,
  from: number,
  until: number,
): AsyncGenerator<[number, Session[]]> {
  const sorter = startMinutes(from)
  for await (const session of found) yield* sorter.take(session)
  yield* sorter.end(until)
}

function startMinutes(from: number) {
  let minute = from
  let some: Session[] = []
  function* upTo(next: number): Generator<[number, Session[]]> {
    for (; minute < next; minute++) {
      yield [minute, some]
      some = []
    }
  }
  return {
    *take(session: Session): Generator<[number, Session[]]> {
      yield* upTo(minuteOf(session.startedAt))
      some.push(session)
    },
    end: upTo,
  }
}

/**
 * The sessions added up in steps of some milliseconds, with a pause after each, for whoever has but one thread for this and for
 * answering.
 */
export async function addUpSlowly(sessions: readonly Session[], pause: () => Promise<void>): Promise<Added> {
  const parts: Tally[] = []
  for (let at = 0; at < sessions.length; at += STEP) {
    parts.push(tallyOf(sessions.slice(at, at + STEP)))
    await pause()
  }
  return { tally: mergeTallies(parts), size: sessions.length }
}

/** Sessions. */
const STEP = 100
