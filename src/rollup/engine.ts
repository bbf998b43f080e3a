// Keeps the rollups of one kind up to date, and answers questions from them. A rollup is always a function of the items it covers:
// it is computed from them, never counted up, so nothing that is repeated, broken off or done by two processes makes it wrong.

import batch from 'it-batch'
import PQueue from 'p-queue'
import type { Clock, Stopwatch } from '../lib/clock.ts'
import { HOUR_MS, MINUTE_MS } from '../lib/units.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import { decodeParts, encodeParts } from './encode-parts.ts'
import { createHourCache } from './hour-cache.ts'
import type { RollupKind } from './kinds.ts'
import { aggregateInBatches, byMinute, type PartialHour, startPartialHour } from './partial-hour.ts'
import type { RollupQuery } from './read-query.ts'
import { createReader, type Reading, type RollupAnswer } from './reader.ts'
import type { FlowSpan, HourCommit, Marks, RollupStorage, StaleDay, StaleHour } from './storage.ts'
import { type FlowHour, firstMinuteOf, type Hours, minuteOf, runsOf } from './time.ts'

export type Engine<Aggregate> = ReturnType<typeof createEngine<{ readonly version: string }, Aggregate>>

export type EngineDeps<Item, Aggregate> = {
  readonly kind: RollupKind<Item, Aggregate>
  readonly storage: RollupStorage<Item>
  readonly clock: Clock
  /** Milliseconds. */
  readonly stopwatch: Stopwatch
  /** Lets others have the thread. */
  readonly pause: () => Promise<void>
}

/** How long one call of `refresh` works, milliseconds. */
const TURN_MS = 50
/** After this long without a pause, others get the thread, milliseconds. */
const WORK_MS = 8
/** A question waits for this many stale hours, and for more only within this time, milliseconds. */
const HOURS_OF_A_QUESTION = 8
const CATCH_UP_MS = 150
/** It waits this long for a large hour that is not in the cache, milliseconds. */
const LARGE_HOUR_MS = 1_000
/** A question waits no longer for others who recompute, milliseconds; then it tells what is there. */
const CATCH_UP_PATIENCE_MS = 5_000
const HOURS_PER_COMMIT = 100
/** Of those that are invalidated, or recomputed after that, in one step. */
const HOURS_PER_TURN = 50
const DAYS_AT_ONCE = 50
/** While hours are stale, days wait for this many turns, as some hour may always be stale. */
const TURNS_WITHOUT_DAYS = 50

/** How long to work, and on a large hour (milliseconds). `within`: only on the hours of a question. */
type Patience = {
  readonly leastHours: number
  readonly ms: number
  readonly largeHourMs: number
  readonly within?: FlowSpan
}
type Limits = { readonly deadline: number; readonly breakOffAt: number; readonly within: FlowSpan | undefined }

export function createEngine<Item extends { readonly version: string }, Aggregate>({
  kind,
  storage,
  clock,
  stopwatch,
  pause,
}: EngineDeps<Item, Aggregate>) {
  type Partial = PartialHour<Item, Aggregate>
  type Computed = { readonly commit: HourCommit; readonly partial: Partial }

  const cache = createHourCache<Item, Aggregate>()
  const answer = createReader({ kind, storage, clock })
  /** Two at a time would compute the same hours twice. */
  const exclusive = new PQueue({ concurrency: 1 })
  /** A large hour that was broken off: it goes on first, before the cache drops what was read of it. */
  let resumePoint: FlowHour | undefined
  /** Stale hours that the last turn found and had no time for: each gets its turn before they are looked for again. */
  let queue: readonly StaleHour[] = []
  /** Stale days that wait for their turn. */
  let days: readonly StaleDay[] = []
  let turnsWithoutDays = 0
  let pausedAt = stopwatch()

  const pauseWhenDue = async (): Promise<void> => {
    if (stopwatch() - pausedAt < WORK_MS) return
    await pause()
    pausedAt = stopwatch()
  }

  /** Reads the minutes that are stale. False when the hour is large and the time was up first; the next call goes on from there. */
  const readMinutes = async (hour: FlowHour, partial: Partial, marks: Marks, deadline: number): Promise<boolean> => {
    for (const run of runsOf(partial.pending(marks))) {
      const found = storage.items(hour, { from: run.from * MINUTE_MS, until: run.until * MINUTE_MS })
      for await (const [minute, items] of byMinute(kind, found, run.from, run.until)) {
        partial.set(minute, await aggregateInBatches(kind, items, pauseWhenDue), marks.get(minute) ?? '')
        if (partial.isLarge() && !partial.isComplete() && stopwatch() > deadline) return false
        await pauseWhenDue()
      }
    }
    return true
  }

  /** Undefined when the time was up first. */
  const compute = async (stale: StaleHour, deadline: number): Promise<Computed | undefined> => {
    const { flow, version, hour, revision, marks } = stale
    const key = keyOf(stale)
    const cached = cache.get(key)
    const partial = cached?.revision === revision ? cached.partial : startPartialHour(kind, hour)
    const isComplete = await readMinutes(stale, partial, marks, deadline)
    cache.set(key, { partial, revision })
    if (!isComplete) {
      resumePoint = { flow, version, hour }
      return undefined
    }
    const parts = encodeParts(kind, partial.sum())
    return { partial, commit: { flow, version, hour, revision: revision + 1, parts, marks: partial.marks() } }
  }

  const commit = async (computed: readonly Computed[]): Promise<void> => {
    if (computed.length === 0) return
    const written = await storage.commitHours(computed.map((each) => each.commit))
    for (const [index, { commit, partial }] of computed.entries()) {
      if (!written[index]) continue
      partial.settle()
      cache.set(keyOf(commit), { partial, revision: commit.revision })
    }
  }

  const findStale = async (within: FlowSpan | undefined): Promise<readonly StaleHour[]> => {
    if (within) return storage.staleHours(HOURS_PER_COMMIT, within)
    if (resumePoint) {
      const { flow, hour } = resumePoint
      const key = keyOf(resumePoint)
      resumePoint = undefined
      const span = { from: firstMinuteOf(hour), until: firstMinuteOf(hour + 1) }
      const found = await storage.staleHours(HOURS_PER_COMMIT, { flow, ...span })
      const resumed = found.filter((each) => keyOf(each) === key)
      if (resumed.length > 0) return resumed
    }
    const waiting = queue
    queue = []
    return waiting.length > 0 ? waiting : storage.staleHours(HOURS_PER_COMMIT)
  }

  /**
   * Computes and writes these hours until `isTimeUp`; the others wait in the queue, but for those of a question. Rejects when one
   * fails, after it has worked on the others: the fault may be about that hour alone.
   */
  const recompute = async (hours: readonly StaleHour[], limits: Limits, isTimeUp: () => boolean): Promise<void> => {
    const computed: Computed[] = []
    const failures: unknown[] = []
    let worked = 0
    for (const hour of hours) {
      if (isTimeUp()) break
      worked++
      try {
        const done = await compute(hour, limits.breakOffAt)
        if (done) computed.push(done)
      } catch (error) {
        failures.push(error)
      }
    }
    if (!limits.within) queue = [...hours.slice(worked), ...queue]
    await commit(computed).catch(async (error: unknown) => {
      failures.push(error)
      if (computed.length > 1) for (const each of computed) await commit([each]).catch(() => {})
    })
    if (failures.length > 0) throw failures[0]
  }

  /** Recomputes stale hours until none is left or the time is up; returns whether none is left. Finding the first is free. */
  const catchUp = async ({ leastHours, ms, largeHourMs, within }: Patience): Promise<boolean> => {
    let hours = await findStale(within)
    const now = stopwatch()
    const limits = { deadline: now + ms, breakOffAt: now + largeHourMs, within }
    let worked = 0
    const isTimeUp = () => worked++ >= leastHours && stopwatch() > limits.deadline
    while (hours.length > 0) {
      await recompute(hours, limits, isTimeUp)
      if (stopwatch() > limits.deadline) return false
      hours = await findStale(within)
    }
    return true
  }

  const compactDay = async (day: StaleDay): Promise<void> => {
    const sums: Aggregate[] = []
    for (const parts of await storage.hoursOf(day)) {
      sums.push(kind.decode(decodeParts(kind, parts)))
      await pauseWhenDue()
    }
    await storage.commitDay(day, encodeParts(kind, kind.merge(sums)))
  }

  /** Writes at least one day, then more until the time is up or one fails. Returns whether it worked, so that more may be left. */
  const compactDays = async (deadline: number): Promise<boolean> => {
    if (days.length === 0) days = await storage.staleDays(DAYS_AT_ONCE)
    let written = 0
    while (days.length > 0 && (written === 0 || stopwatch() <= deadline)) {
      const [next, ...others] = days as [StaleDay, ...StaleDay[]]
      // Off the list whatever comes of it: the others do not wait for one that cannot be written.
      days = others
      await compactDay(next)
      written++
    }
    return written > 0
  }

  const turn = async (): Promise<boolean> => {
    const deadline = stopwatch() + TURN_MS
    let isStale = true
    try {
      isStale = !(await catchUp({ leastHours: 1, ms: TURN_MS, largeHourMs: TURN_MS }))
    } finally {
      if (!isStale || ++turnsWithoutDays >= TURNS_WITHOUT_DAYS) {
        turnsWithoutDays = 0
        isStale = (await compactDays(deadline)) || isStale
      }
    }
    return isStale
  }

  /** Each hour once, if no other process has done so, then the days. What becomes stale meanwhile may be for ever. */
  async function* recomputeEach(hours: readonly FlowHour[]): AsyncGenerator<unknown> {
    for (const [flow, ofFlow] of Map.groupBy(hours, ({ flow }) => flow))
      for (const some of batch(
        ofFlow.toSorted((a, b) => a.hour - b.hour),
        HOURS_PER_TURN,
      )) {
        yield await exclusive.add(() => recomputeOnce(flow, some))
      }
    while (await exclusive.add(() => compactDays(stopwatch() + TURN_MS))) yield
  }

  /** `hours`: of the flow, in order. */
  const recomputeOnce = async (flow: string, hours: readonly FlowHour[]): Promise<void> => {
    const [first, last] = [hours[0] as FlowHour, hours.at(-1) as FlowHour]
    const within = { flow, from: firstMinuteOf(first.hour), until: firstMinuteOf(last.hour + 1) }
    const left = new Set(hours.map(keyOf))
    for (;;) {
      const found = (await storage.staleHours(HOURS_PER_COMMIT, within)).filter((hour) => left.delete(keyOf(hour)))
      if (found.length === 0) return
      await recompute(found, { deadline: Infinity, breakOffAt: Infinity, within }, () => false)
    }
  }

  const catchUpFor = async ({ flow, spans }: RollupQuery): Promise<void> => {
    const [first, last] = [spans[0], spans.at(-1)]
    if (!first || !last) return
    const within = { flow, from: minuteOf(first.from), until: minuteOf(last.until) + 1 }
    const patience = { leastHours: HOURS_OF_A_QUESTION, ms: CATCH_UP_MS, largeHourMs: LARGE_HOUR_MS, within }
    const caughtUp = exclusive.add(() => catchUp(patience))
    // Where an hour cannot be recomputed, the answer tells what was there. The same fails `refresh`, which is where it is noticed.
    await withTimeout(CATCH_UP_PATIENCE_MS, caughtUp).catch(() => {})
  }

  return {
    /** Works for some tens of milliseconds, at least on one hour and one day. True when rollups may still be stale. */
    refresh: () => exclusive.add(turn),

    /** As `Rollups.recomputeAll`. */
    async recomputeAll(): Promise<AsyncIterable<unknown>> {
      const invalidated: FlowHour[] = []
      for await (const hours of batch(storage.allHours(), HOURS_PER_TURN)) {
        await storage.invalidate(hours)
        invalidated.push(...hours)
      }
      return recomputeEach(invalidated)
    },

    /**
     * Keeps what each of these hours adds up to before an instant within it, and from then on; `cutOf` tells the instant, if there is
     * one. For questions about a part of an hour whose items will be removed.
     */
    async keepParts(among: Hours, cutOf: (hour: number) => number | undefined): Promise<void> {
      for (const hour of await storage.storedHours(among)) {
        const cut = cutOf(hour.hour)
        if (cut === undefined) continue
        const [from, until] = [hour.hour * HOUR_MS, (hour.hour + 1) * HOUR_MS]
        for (const span of [
          { from, until: cut },
          { from: cut, until },
        ]) {
          const sums: Aggregate[] = []
          for await (const items of storage.items(hour, span)) sums.push(kind.aggregate(items))
          const { flow, version } = hour
          await storage.keepPart({ flow, version, ...span, parts: encodeParts(kind, kind.merge(sums)) })
          await pauseWhenDue()
        }
      }
    },

    /** First recomputes what the question is about, as far as time allows. */
    async read<Sum>(query: RollupQuery, reading: Reading<Aggregate, Sum>): Promise<RollupAnswer<Sum>> {
      await catchUpFor(query)
      return answer(query, reading)
    },
  }
}

const keyOf = ({ flow, version, hour }: FlowHour): string => JSON.stringify([flow, version, hour])
