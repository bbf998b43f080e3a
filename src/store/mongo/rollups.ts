// What the items of each hour add up to, and what questions are answered from that. Any number of processes may bring them up to date at
// once: a rollup is replaced only by one whose items were read after it was written.

import type { Model } from 'mongoose'
import { chunksAsync } from '../../lib/chunks.ts'
import { yieldToEventLoop } from '../../lib/yield-to-event-loop.ts'
import {
  type Answer,
  type Condense,
  type Joined,
  type LabelledSum,
  type Part,
  type RollupQuery,
  rangeOf,
  startAnswer,
} from '../../rollup/answer.ts'
import { encodeParts } from '../../rollup/encode-parts.ts'
import { createHourCache } from '../../rollup/hour-cache.ts'
import type { RollupKind } from '../../rollup/kinds.ts'
import { aggregateInBatches, byMinuteAsync, startPartialHour } from '../../rollup/partial-hour.ts'
import {
  coverOf,
  type FlowHour,
  type FlowMinute,
  firstMinuteOf,
  firstMinutes,
  hourOfMinute,
  MINUTE_MS,
  minuteOf,
  runsOf,
  type Span,
  spanAt,
} from '../../rollup/time.ts'
import { duplicatePositions, upsertAll } from './bulk-write.ts'
import { rawOf } from './raw.ts'
import { readRuns } from './read-runs.ts'
import { createRollupDays } from './rollup-days.ts'
import { type DayDocument, HOURS_INDEX, type RollupDocument } from './rollup-document.ts'
import {
  hourKeyOf,
  type MinuteRange,
  NOTES_OF_A_QUESTION,
  type StaleDocument,
  type StaleMinutes,
} from './stale-minutes.ts'

export type Rollups<Sum> = {
  /** Works for some tens of milliseconds, or on one hour; true when some are behind even then. */
  refresh(): Promise<boolean>
  anew(): Promise<void>
  sums(query: RollupQuery, condense?: Condense<Sum>): Promise<LabelledSum<Sum>[]>
}

/** Where the items are. */
export type Source<Item> = {
  /** Of one flow, and of one version if it is named; in the order of time. Read as they are asked for. */
  between(flow: string, span: Span, version?: string): AsyncIterable<Item>
  /** All that have any. */
  hours(): AsyncIterable<FlowHour>
}

type Parts<Item, Sum> = {
  readonly rolled: RollupKind<Item, Sum>
  readonly days: Model<DayDocument>
  readonly source: Source<Item>
  readonly behind: StaleMinutes
  /** Milliseconds. */
  readonly stopwatch: () => number
}

/** One call of `refresh` takes about this long, milliseconds. */
const TURN_MS = 40
/** A question waits for so many hours that are behind, and for more only as long as this, milliseconds. */
const CATCH_UP_HOURS = 8
const CATCH_UP_MS = 150
const HOURS_OUTDATED_AT_ONCE = 50
const ITEMS_AT_ONCE = 1_000

export function createRollups<Item extends { readonly version: string }, Sum>(
  model: Model<RollupDocument>,
  { rolled, days: dayModel, source, behind, stopwatch }: Parts<Item, Sum>,
): Rollups<Sum> {
  const days = createRollupDays({ rolled, hours: model, days: dayModel, stopwatch, pause: yieldToEventLoop })
  const remembered = createHourCache<Item, Sum>()
  let passes = 0

  const revisionOf = async (_id: string): Promise<number> => {
    const found = await model.findById(_id, { revision: 1 }).lean<Pick<RollupDocument, 'revision'>>()
    return found?.revision ?? 0
  }

  /** False when another process was first. */
  const put = async (rollup: RollupDocument): Promise<boolean> => {
    const { _id, ...replacement } = rollup
    if (rollup.revision === 1)
      return (
        (await duplicatePositions(rawOf(model).bulkWrite([{ insertOne: { document: rollup } }], { ordered: false })))
          .size === 0
      )
    const { matchedCount } = await rawOf(model).replaceOne({ _id, revision: rollup.revision - 1 }, replacement)
    return matchedCount > 0
  }

  /**
   * Of one hour, which it tells; none when another process was first, which need not have known all that is noted. To try on until
   * this one is first might take for ever: each time the whole hour is to be read.
   */
  const bringUpToDate = async (minutes: readonly [FlowMinute, ...FlowMinute[]]): Promise<FlowHour | undefined> => {
    const [{ flow, version, minute }] = minutes
    const hour = hourOfMinute(minute)
    const _id = hourKeyOf(minutes[0])
    const revision = await revisionOf(_id)
    const known = remembered.get(_id)
    const partial = known?.revision === revision ? known.partial : startPartialHour(rolled, hour)
    // Nobody else goes on with it meanwhile, or when this fails.
    remembered.delete(_id)
    const changes = new Map(minutes.map(({ minute }) => [minute, ++passes]))
    for (const run of runsOf(partial.waiting(changes))) {
      const span = { from: run.from * MINUTE_MS, until: run.until * MINUTE_MS }
      for await (const [minute, some] of byMinuteAsync(
        rolled,
        source.between(flow, span, version),
        run.from,
        run.until,
      ))
        partial.set(minute, await aggregateInBatches(rolled, some, yieldToEventLoop), changes.get(minute) ?? 0)
    }
    const rollup = { _id, flow, version, hour, revision: revision + 1, ...encodeParts(rolled, partial.sum()) }
    if (!(await put(rollup))) return undefined
    partial.settle()
    remembered.set(_id, { partial, revision: revision + 1 })
    return { flow, version, hour }
  }

  /**
   * Brings up to date the hours that the notes name, until the time is up, but works at `least` so many; true when that is all of
   * them, and done. `within`: only hours with minutes in it. Rejects when one fails, which may be about that one alone: not before
   * it has worked at the others.
   */
  const work = async (
    notes: readonly StaleDocument[],
    least: number,
    deadline: number,
    within?: MinuteRange,
  ): Promise<boolean> => {
    const isAsked = ({ flow, minute }: FlowMinute) =>
      !within || (flow === within.flow && within.from <= minute && minute < within.until)
    const hours = Map.groupBy(
      notes.flatMap(({ minutes }) => minutes),
      hourKeyOf,
    )
    const asked = [...hours].filter(([, minutes]) => minutes.some(isAsked))
    const done = new Map<string, FlowHour>()
    const failed = new Map<string, { readonly minutes: readonly FlowMinute[]; readonly error: unknown }>()
    for (const [index, [key, minutes]] of asked.entries()) {
      // What takes long to fail may be about all of them.
      if ((index >= least || failed.size > 0) && stopwatch() > deadline) break
      try {
        const hour = await bringUpToDate(minutes as [FlowMinute, ...FlowMinute[]])
        if (hour) done.set(key, hour)
      } catch (error) {
        failed.set(key, { minutes, error })
      }
    }
    await days.changed([...done.values()])
    // To the end of the line, in few notes: there might soon be so many of its own that no others are found.
    const again = [...failed.values()].flatMap(({ minutes }) => eachOnce(minutes))
    if (again.length > 0) await behind.note(again)
    await behind.clear(notes, (minute) => done.has(hourKeyOf(minute)) || failed.has(hourKeyOf(minute)))
    const [first] = failed.values()
    if (first) throw first.error
    return done.size === asked.length
  }

  /** False when some hours are behind even when the time is up. It does not count how long it takes to find the first. */
  const catchUp = async (): Promise<boolean> => {
    let deadline: number | undefined
    for (;;) {
      const notes = await behind.find()
      if (notes.length === 0) return true
      deadline ??= stopwatch() + TURN_MS
      if (!(await work(notes, 1, deadline)) || stopwatch() > deadline) return behind.isNone()
    }
  }

  /**
   * What anyone remembers of these hours, be it in another process, is of an earlier revision then: they are gone through anew. Also
   * of one that nobody has written yet; it is there then, and empty.
   */
  const outdate = async (hours: readonly FlowHour[]): Promise<void> => {
    const nothing = encodeParts(rolled, rolled.aggregate([]))
    const raising = hours.map(({ flow, version, hour }) => {
      const filter = { _id: hourKeyOf({ flow, version, minute: firstMinuteOf(hour) }) }
      const update = { $inc: { revision: 1 }, $setOnInsert: { flow, version, hour, ...nothing } }
      return { updateOne: { filter, update, upsert: true } }
    })
    await upsertAll(rawOf(model), raising)
  }

  /** Those that have items, and then those that have a rollup of items that are gone. */
  async function* allHours(): AsyncGenerator<FlowHour> {
    const known = new Set<string>()
    const stored = model.find({}, { _id: 0, flow: 1, version: 1, hour: 1 }).hint(HOURS_INDEX).lean<FlowHour>()
    for (const hours of [() => source.hours(), () => stored.cursor()])
      for await (const { flow, version, hour } of hours()) {
        const key = hourKeyOf({ flow, version, minute: firstMinuteOf(hour) })
        if (known.has(key)) continue
        known.add(key)
        yield { flow, version, hour }
      }
  }

  /** What a question is about, as far as time allows. It does not count how long it takes to find the first. */
  const catchUpWithin = async (within: MinuteRange): Promise<void> => {
    let notes = await behind.find(within)
    const deadline = stopwatch() + CATCH_UP_MS
    let isDone = await work(notes, CATCH_UP_HOURS, deadline, within)
    while (!(isDone && notes.length < NOTES_OF_A_QUESTION) && stopwatch() <= deadline) {
      notes = await behind.find(within)
      isDone = await work(notes, 0, deadline, within)
    }
  }

  const addRest = async (answer: Answer<Item, Sum>, { flow, version }: RollupQuery, rest: readonly Part[]) => {
    const read = async ({ parts, ...span }: Joined) => {
      for await (const found of chunksAsync(source.between(flow, span, version), ITEMS_AT_ONCE))
        for (const [label, some] of Map.groupBy(found, (item) => spanAt(parts, rolled.at(item))?.label))
          if (label !== undefined) answer.addItems(label, some)
    }
    await readRuns(rest, read)
  }

  return {
    async refresh() {
      const deadline = stopwatch() + TURN_MS
      let isBehind = true
      try {
        isBehind = !(await catchUp())
      } finally {
        isBehind = (await days.fold(deadline, isBehind)) || isBehind
      }
      return isBehind
    },

    async anew() {
      for await (const hours of chunksAsync(allHours(), HOURS_OUTDATED_AT_ONCE)) {
        await outdate(hours)
        await behind.note(firstMinutes(hours))
      }
    },

    async sums(query, condense = (sum) => sum) {
      const { flow, spans } = query
      const range = rangeOf(query)
      if (!range) return []
      const within = { flow, from: minuteOf(range.from), until: minuteOf(range.until) + 1 }
      // An hour that cannot be brought up to date is told as it was; it fails `refresh`, too, which is where that is noticed.
      await catchUpWithin(within).catch(() => {})

      const answer = startAnswer(rolled, query.parts, condense)
      const covers = spans.map(({ label, ...span }) => ({ label, ...coverOf(span) }))
      const hours = covers.map(({ label, first, end }) => ({ label, from: first, until: end }))
      const rest = covers.flatMap((cover) => cover.rest.map((span) => ({ label: cover.label, ...span })))
      await Promise.all([days.read(query, hours, answer.addSum), addRest(answer, query, rest)])
      return answer.end()
    },
  }
}

/** Of one hour. */
const eachOnce = (minutes: readonly FlowMinute[]): FlowMinute[] => [
  ...new Map(minutes.map((each) => [each.minute, each])).values(),
]
