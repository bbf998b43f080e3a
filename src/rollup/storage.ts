// What the engine needs of a database for one kind of rollup. Items are sessions or events; an hour is one hour (UTC) of one flow
// and version, numbered since 1970, and so is a day.
//
// Whoever writes an item marks its minute as stale, in or before the same write. A mark changes whenever its minute is written
// again, so that work on older items never clears it.

import type { Instants } from '../lib/instants.ts'
import type { StoredParts } from './encode-parts.ts'
import type { AggregatePart } from './kinds.ts'
import type { FlowHour, Hours, Span } from './time.ts'

export type RollupStorage<Item> = {
  /** The items of an hour within the span, in order of time, in lists of any size. Holds no lock while the caller works. */
  items(hour: FlowHour, span: Span): AsyncIterable<readonly Item[]>

  /** Hours with stale minutes, `limit` at most. Over several calls each gets its turn, but for those of a question (`within`). */
  staleHours(limit: number, within?: FlowSpan): Promise<readonly StaleHour[]>

  /**
   * Writes each hour unless it is frozen, or another process wrote it since it was found (its revision is then another); of those
   * written, clears the marks seen and makes the day stale; of those frozen, clears the marks. Returns which were written, in the
   * same order.
   */
  commitHours(hours: readonly HourCommit[]): Promise<readonly boolean[]>

  /** Passes what answers the question to the sink, as of one moment where the database has such a thing. In no order. */
  read(query: ReadQuery, sink: Sink<Item>): Promise<void>

  /**
   * Another text after each change of the rollups of these hours, which never comes again. Who reads it before the rollups knows that
   * they are of this stamp or a later one.
   */
  stampOf(of: Pick<ReadQuery, 'flow' | 'version'>, among: Hours): Promise<string>

  /** Days that are not what their hours are, `limit` at most; without the newest day, which changes all the time. */
  staleDays(limit: number): Promise<readonly StaleDay[]>

  /** Keeps what a part of an hour adds up to, in place of what is kept of the same part. */
  keepPart(part: HourPart): Promise<void>

  /** The hours with a rollup among these, frozen or not. */
  storedHours(among: Hours): Promise<readonly FlowHour[]>

  /** All rollups of the hours of a day. */
  hoursOf(day: FlowDay): Promise<readonly StoredParts[]>

  /** Writes the day and clears its mark; does nothing when one of its hours was written meanwhile. */
  commitDay(day: StaleDay, parts: StoredParts): Promise<void>

  /** Each hour that has items or a rollup, once; without those that are frozen. */
  allHours(): AsyncIterable<FlowHour>

  /** Makes hours stale as a whole: what any process remembers of them is of an earlier revision then. */
  invalidate(hours: readonly FlowHour[]): Promise<void>
}

/** Minutes of one flow: from `from` on and before `until`. */
export type FlowSpan = { readonly flow: string } & Span

export type StoredRollup = {
  readonly label: string
  readonly version: string
  readonly parts: StoredParts
  /** The hour or the day that it covers; absent where it answers for a part of an hour. */
  readonly hours?: Hours
  /** Names these very parts: no others have it, and none had it before. Absent where the storage keeps none. */
  readonly id?: string
}

/** By minute. */
export type Marks = ReadonlyMap<number, string>

export type StaleHour = FlowHour & {
  /** 0 where there is no rollup yet. */
  readonly revision: number
  readonly marks: Marks
}

export type HourCommit = FlowHour & {
  /** One more than it was found with. */
  readonly revision: number
  readonly parts: StoredParts
  /** Of the minutes that were read for it. */
  readonly marks: Marks
}

/** From `from` on and before `until`, milliseconds. */
export type HourPart = Span & { readonly flow: string; readonly version: string; readonly parts: StoredParts }

export type FlowDay = { readonly flow: string; readonly version: string; readonly day: number }
export type StaleDay = FlowDay & { readonly mark: number }

export type LabelledHours = Hours & { readonly label: string }
/** A span of instants with the label it counts for. */
export type LabelledSpan = Span & { readonly label: string }

export type ReadQuery = {
  readonly flow: string
  readonly version?: string
  /** The parts of the aggregate to read, the first of its kind among them; the others stay empty. */
  readonly parts: readonly AggregatePart[]
  /** Whole days: where a day is stale, its hours answer. */
  readonly days: readonly LabelledHours[]
  readonly hours: readonly LabelledHours[]
  /**
   * Spans that no whole hour covers; their items are read. Where their hour is frozen, the kept parts answer that begin in the span, and
   * of an hour without parts the whole hour, if it begins in the span.
   */
  readonly rest: readonly LabelledSpan[]
  /** Of sessions only: also those that have not completed and were seen last between these instants. */
  readonly uncompleted?: Instants
}

export type Sink<Item> = {
  stored(rollup: StoredRollup): void
  items(label: string, items: Iterable<Item>): void
  uncompleted(items: Iterable<Item>): void
}
