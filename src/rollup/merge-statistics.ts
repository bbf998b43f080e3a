// Merges the statistics of parts (versions, days, hours) into those of the whole.

import { type Counts, getOrCreate, mapped, merged, mergedBy, toCounts, total } from '../stats/counts.ts'
import { mergeQuantiles } from '../stats/quantiles.ts'
import { mergeConvertBars } from './convert-bars.ts'
import { limitNames } from './limit-names.ts'
import { mergeScreenAggregates } from './screen-aggregate.ts'
import { ALL_SESSIONS, screensOf } from './session-aggregate.ts'
import type { Endings, Path, SessionStatistics } from './session-statistics.ts'

export function mergeStatistics(parts: readonly SessionStatistics[]): SessionStatistics {
  const sums = {
    groups: mergedBy(parts, ({ groups }) => mapped(groups, byPath), mergeByName),
    screens: mergedBy(parts, (part) => part.screens, mergeScreenAggregates),
    factors: mergedBy(parts, (part) => part.factors, mergeByName),
  }
  const { groups: told, ...rest } = limitNames(sums, { merge: mergeEndings, sessions: sessionsIn })
  const groups = mapped(told, pathsIn)
  return {
    paths: groups[ALL_SESSIONS] ?? [],
    groups,
    ...rest,
    convertMs: mergeQuantiles(parts.map((part) => part.convertMs)),
    convertBars: mergeConvertBars(parts.map((part) => part.convertBars)),
    opened: total(parts.map((part) => part.opened)),
  }
}

/** All of these together, within the limits. */
export function mergePaths(parts: readonly (readonly Path[])[]): readonly Path[] {
  const sums = { groups: { [ALL_SESSIONS]: byPath(parts.flat()) }, screens: {}, factors: {} }
  return pathsIn(limitNames(sums, { merge: mergeEndings, sessions: sessionsIn }).groups[ALL_SESSIONS] ?? {})
}

function byPath(paths: readonly Path[]): Counts<Endings> {
  const gathered = new Map<string, Path[]>()
  for (const path of paths) getOrCreate(gathered, JSON.stringify(path.screens), () => []).push(path)
  return toCounts(gathered, mergeEndings)
}

const pathsIn = (paths: Counts<Endings>): readonly Path[] =>
  Object.entries(paths).map(([path, endings]) => ({ screens: screensOf(path), ...endings }))

const sessionsIn = ({ completed, open, lost }: Endings): number => completed + open + lost

const mergeByName = (counts: readonly Counts<Endings>[]): Counts<Endings> => merged(counts, mergeEndings)

const mergeEndings = (parts: readonly Endings[]): Endings => ({
  completed: total(parts.map(({ completed }) => completed)),
  open: total(parts.map(({ open }) => open)),
  lost: total(parts.map(({ lost }) => lost)),
})
