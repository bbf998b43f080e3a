// Answers questions from stored rollups. Most of a long period is settled: what its rollups add up to is remembered as one sum for each
// label, so that a question about months reads some days and merges some sums, and not hundreds.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/ids.ts'
import { type Adding, type LabelledSum, startAnswer } from './answer.ts'
import { type Condense, createDecoder } from './decoder.ts'
import type { RollupKind } from './kinds.ts'
import { onDays, type RollupQuery, readQueryOf, settledHours } from './read-query.ts'
import type { ReadQuery, RollupStorage, StoredRollup } from './storage.ts'
import { dayOfHour } from './time.ts'

export type RollupAnswer<Sum> = {
  /** One for each label and version with items. */
  readonly sums: readonly LabelledSum<Sum>[]
  readonly uncompleted: readonly LabelledSum<Sum>[]
}

/** What a question makes of aggregates, and how that adds up. */
export type Reading<Aggregate, Sum> = Condense<Aggregate, Sum> & Pick<Adding<never, Sum>, 'merge' | 'truncate'>

type Deps<Item, Aggregate> = {
  readonly kind: RollupKind<Item, Aggregate>
  readonly storage: Pick<RollupStorage<Item>, 'read' | 'stampOf'>
  readonly clock: Clock
}

type Settled<Sum> = {
  /** Of all settled hours. */
  readonly stamp: string
  /** The sums hold as of this time and all later ones. */
  readonly asOf: number
  readonly sums: readonly LabelledSum<Sum>[]
  /** The settled rollups that are in no sum, as what a question makes of them still changes with time: the day of each, by its place. */
  readonly pending: ReadonlyMap<string, number>
}

/** As JSON; in memory it takes several times as much. */
const MAX_SETTLED_BYTES = 4_000_000
/** Fewer are read as soon as they are looked up. */
const LEAST_SETTLED_HOURS = 48

export function createReader<Item extends { readonly version: string }, Aggregate>({
  kind,
  storage,
  clock,
}: Deps<Item, Aggregate>) {
  const decode = createDecoder(kind)
  const remembered = new LRUCache<string, Settled<unknown>>({ maxSize: MAX_SETTLED_BYTES })

  return async <Sum>(query: RollupQuery, reading: Reading<Aggregate, Sum>): Promise<RollupAnswer<Sum>> => {
    const asked = readQueryOf(query)
    const among = settledHours(query, clock())
    const isSettled = ({ hours }: StoredRollup) => hours !== undefined && hours.end <= among.end

    const { of, merge, truncate } = reading
    const aggregate = (items: readonly Item[]) => of(kind.aggregate(items, query.parts)).sum
    const start = () => startAnswer<Item, Sum>({ at: kind.at, aggregate, merge, truncate })

    /** Returns what is uncompleted. */
    const read = async (some: ReadQuery, answer: ReturnType<typeof start>, stored: (rollup: StoredRollup) => void) => {
      const uncompleted = start()
      await storage.read(some, {
        stored,
        items: answer.addItems,
        uncompleted: (items) => uncompleted.addItemsBySpan(query.spans, items),
      })
      return uncompleted.end()
    }

    const readAll = async () => {
      const [answer, settled] = [start(), start()]
      const pending = new Map<string, number>()
      const uncompleted = await read(asked, answer, (rollup) => {
        const { sum, isFinal } = decode(rollup, reading)
        const isPending = isSettled(rollup) && !isFinal
        if (isPending) pending.set(placeOf(rollup), dayOf(rollup))
        const { addSum } = isSettled(rollup) && isFinal ? settled : answer
        addSum(rollup.label, rollup.version, sum)
      })
      const sums = settled.end()
      for (const { label, version, sum } of sums) answer.addSum(label, version, sum)
      return { answer: { sums: answer.end(), uncompleted }, sums, pending }
    }

    /** Undefined where a pending rollup is not found: its day has been made of its hours since, or is stale again. */
    const readRest = async ({ sums, pending }: Settled<Sum>): Promise<RollupAnswer<Sum> | undefined> => {
      const answer = start()
      for (const { label, version, sum } of sums) answer.addSum(label, version, sum)
      const days = new Set(pending.values())
      const rest = onDays(asked, (day) => days.has(day) || day >= dayOfHour(among.end))
      const found = new Set<string>()
      const uncompleted = await read(rest, answer, (rollup) => {
        const place = placeOf(rollup)
        if (isSettled(rollup) && !pending.has(place)) return
        if (isSettled(rollup)) found.add(place)
        answer.addSum(rollup.label, rollup.version, decode(rollup, reading).sum)
      })
      return found.size === pending.size ? { sums: answer.end(), uncompleted } : undefined
    }

    if (among.end - among.first < LEAST_SETTLED_HOURS) return (await readAll()).answer
    const key = `${reading.name} ${sha256(JSON.stringify([asked.flow, asked.version, among, asked.days, asked.hours]))}`
    // Before the rollups: those that are written meanwhile have a later stamp.
    const stamp = await storage.stampOf(asked, among)
    const known = remembered.get(key) as Settled<Sum> | undefined
    const rest = known?.stamp === stamp && known.asOf <= reading.asOf ? await readRest(known) : undefined
    if (rest) return rest
    const { answer, sums, pending } = await readAll()
    const settled: Settled<Sum> = { stamp, asOf: reading.asOf, sums, pending }
    remembered.set(key, settled, { size: JSON.stringify([sums, [...pending]]).length })
    return answer
  }
}

/** Within one flow. */
const placeOf = ({ version, hours }: StoredRollup): string => JSON.stringify([version, hours?.first, hours?.end])
const dayOf = ({ hours }: StoredRollup): number => dayOfHour(hours?.first ?? 0)
