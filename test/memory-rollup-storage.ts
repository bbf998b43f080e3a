// Rollups in memory, for tests of the engine. Every call gives way to others, as a database elsewhere does.

import type { StoredParts } from '../src/rollup/encode-parts.ts'
import { EMPTY_PART, type RollupKind } from '../src/rollup/kinds.ts'
import type { RollupStorage, StaleDay } from '../src/rollup/storage.ts'
import {
  dayOfHour,
  type FlowHour,
  firstMinuteOf,
  type Hours,
  hourOfMinute,
  hoursOfDay,
  minuteOf,
  oneHour,
} from '../src/rollup/time.ts'

type Named = { readonly flow: string; readonly version: string }
type Query = { readonly flow: string; readonly version?: string | undefined }

export function createMemoryStorage<Item extends Named>({
  at,
  parts,
}: Pick<RollupKind<Item, unknown>, 'at' | 'parts'>) {
  const [first] = parts
  const items: Item[] = []
  const hours = new Map<string, FlowHour & { readonly revision: number; readonly parts: StoredParts }>()
  const days = new Map<string, StoredParts>()
  const staleMinutes = new Map<string, { readonly hour: FlowHour; readonly minute: number; changes: number }>()
  const staleDays = new Map<string, StaleDay>()
  const keyOf = ({ flow, version }: Named, number: number) => JSON.stringify([flow, version, number])
  const mark = (hour: FlowHour, minute: number) => {
    const key = keyOf(hour, minute)
    staleMinutes.set(key, { hour, minute, changes: (staleMinutes.get(key)?.changes ?? 0) + 1 })
  }
  const markDay = ({ flow, version, hour }: FlowHour) => {
    const day = dayOfHour(hour)
    const key = keyOf({ flow, version }, day)
    staleDays.set(key, { flow, version, day, mark: (staleDays.get(key)?.mark ?? 0) + 1 })
  }
  const hourOf = ({ flow, version }: Named, minute: number): FlowHour => ({ flow, version, hour: hourOfMinute(minute) })
  const isIn = (named: Named, query: Query) =>
    named.flow === query.flow && (query.version === undefined || named.version === query.version)
  const found = (query: Query, from: number, until: number) =>
    items.filter((item) => isIn(item, query) && from <= at(item) && at(item) < until).sort((a, b) => at(a) - at(b))
  const written = (query: Query) =>
    [...hours.values()].filter((each) => isIn(each, query) && each.parts[first] !== EMPTY_PART)
  const freshDays = (query: Query) =>
    [...days]
      .filter(([key]) => !staleDays.has(key))
      .map(([key, parts]) => {
        const [flow, version, day] = JSON.parse(key) as [string, string, number]
        return { flow, version, day, parts }
      })
      .filter((each) => isIn(each, query))
  let turn = 0
  const giveWay = () => Promise.resolve()

  const storage: RollupStorage<Item> = {
    async *items(hour, { from, until }) {
      await giveWay()
      const all = found(hour, from, until)
      for (let index = 0; index < all.length; index += 3) yield all.slice(index, index + 3)
    },
    async staleHours(limit, within) {
      await giveWay()
      const asked = [...staleMinutes.values()].filter(
        ({ hour, minute }) => !within || (hour.flow === within.flow && within.from <= minute && minute < within.until),
      )
      const named = [...new Map(asked.map(({ hour }) => [keyOf(hour, hour.hour), hour])).values()]
      const start = within ? 0 : turn++ % Math.max(named.length, 1)
      return [...named.slice(start), ...named.slice(0, start)].slice(0, limit).map((hour) => {
        const minutes = [...staleMinutes.values()].filter(
          (each) => keyOf(each.hour, each.hour.hour) === keyOf(hour, hour.hour),
        )
        return {
          ...hour,
          revision: hours.get(keyOf(hour, hour.hour))?.revision ?? 0,
          marks: new Map(minutes.map(({ minute, changes }) => [minute, String(changes)])),
        }
      })
    },
    async commitHours(commits) {
      await giveWay()
      return commits.map(({ marks, ...commit }) => {
        const key = keyOf(commit, commit.hour)
        if ((hours.get(key)?.revision ?? 0) !== commit.revision - 1) return false
        hours.set(key, commit)
        markDay(commit)
        for (const [minute, changes] of marks)
          if (String(staleMinutes.get(keyOf(commit, minute))?.changes) === changes)
            staleMinutes.delete(keyOf(commit, minute))
        return true
      })
    },
    async read(query, sink) {
      await giveWay()
      const tellHours = (label: string, { first, end }: Hours, skipped: ReadonlySet<string> = new Set()) => {
        for (const each of written(query))
          if (first <= each.hour && each.hour < end && !skipped.has(each.version))
            sink.stored({ label, version: each.version, parts: each.parts, hours: oneHour(each.hour) })
      }
      for (const { label, ...span } of query.days)
        for (let day = span.first; day < span.end; day++) {
          const fresh = freshDays(query).filter((each) => each.day === day)
          for (const { version, parts } of fresh)
            if (parts[first] !== EMPTY_PART) sink.stored({ label, version, parts, hours: hoursOfDay(day) })
          tellHours(label, hoursOfDay(day), new Set(fresh.map(({ version }) => version)))
        }
      for (const { label, ...span } of query.hours) tellHours(label, span)
      for (const { label, from, until } of query.rest) sink.items(label, found(query, from, until))
    },
    async stampOf(query, { first, end }) {
      await giveWay()
      const among = [...hours.values()].filter((each) => isIn(each, query) && first <= each.hour && each.hour < end)
      return JSON.stringify(among.map(({ version, hour, revision }) => [version, hour, revision]))
    },
    async staleDays(limit) {
      await giveWay()
      const newest = Math.max(...[...staleDays.values()].map(({ day }) => day))
      return [...staleDays.values()].filter(({ day }) => day < newest).slice(0, limit)
    },
    async keepPart() {
      throw new Error('nothing is frozen here')
    },
    storedHours: async ({ first, end }) => [...hours.values()].filter(({ hour }) => first <= hour && hour < end),
    async hoursOf(day) {
      await giveWay()
      const { first: firstHour, end } = hoursOfDay(day.day)
      return written(day)
        .filter(({ hour }) => firstHour <= hour && hour < end)
        .map(({ parts }) => parts)
    },
    async commitDay(day, parts) {
      await giveWay()
      const key = keyOf(day, day.day)
      if (staleDays.get(key)?.mark !== day.mark) return
      staleDays.delete(key)
      days.set(key, parts)
    },
    async *allHours() {
      const named = items.map((item) => hourOf(item, minuteOf(at(item))))
      yield* new Map([...named, ...hours.values()].map((hour) => [keyOf(hour, hour.hour), hour])).values()
    },
    async invalidate(some) {
      for (const { flow, version, hour } of some) {
        const key = keyOf({ flow, version }, hour)
        const known = hours.get(key) ?? { flow, version, hour, revision: 0, parts: { [first]: EMPTY_PART } }
        hours.set(key, { ...known, revision: known.revision + 1 })
        mark({ flow, version, hour }, firstMinuteOf(hour))
      }
    },
  }

  return {
    storage,
    /** As a store records: the items, and the marks of their minutes. */
    add(some: readonly Item[]) {
      for (const item of some) {
        items.push(item)
        mark(hourOf(item, minuteOf(at(item))), minuteOf(at(item)))
      }
    },
    /** Takes items away without a word, as somebody does who works on the database by hand. */
    clear: () => void items.splice(0),
    hoursWritten: () => hours.size,
    daysFresh: () => [...days.keys()].filter((key) => !staleDays.has(key)).length,
  }
}
