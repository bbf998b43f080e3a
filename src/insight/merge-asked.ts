// What was asked of parts (versions, days, hours), as if it had been asked of the whole.

import type { Asked, Endings, Way } from './asked.ts'
import { type Counts, merged, settled, total, under } from './counts.ts'
import { fit } from './fit.ts'
import { mergeQuantiles } from './quantiles.ts'
import { mergeScreenTallies } from './screen-tally.ts'
import { ALL, screensOf } from './tally.ts'

export function mergeAsked(parts: readonly Asked[]): Asked {
  const sums = {
    groups: merged(
      parts.map((part) => mapped(part.groups, byWay)),
      (ways) => merged(ways, mergeEndings),
    ),
    screens: merged(
      parts.map((part) => part.screens),
      mergeScreenTallies,
    ),
    factors: merged(
      parts.map((part) => part.factors),
      (factors) => merged(factors, mergeEndings),
    ),
  }
  const { groups: told, ...rest } = fit(sums, { merge: mergeEndings, sessions: sessionsIn })
  const groups = mapped(told, waysIn)
  return {
    ways: groups[ALL] ?? [],
    groups,
    ...rest,
    convertMs: mergeQuantiles(parts.map((part) => part.convertMs)),
    opened: total(parts.map((part) => part.opened)),
  }
}

/** All of these together, within the limits. */
export function mergeWays(parts: readonly (readonly Way[])[]): readonly Way[] {
  const sums = { groups: { [ALL]: byWay(parts.flat()) }, screens: {}, factors: {} }
  return waysIn(fit(sums, { merge: mergeEndings, sessions: sessionsIn }).groups[ALL] ?? {})
}

function byWay(ways: readonly Way[]): Counts<Endings> {
  const gathered = new Map<string, Way[]>()
  for (const way of ways) under(gathered, JSON.stringify(way.screens), () => []).push(way)
  return settled(gathered, mergeEndings)
}

const waysIn = (ways: Counts<Endings>): readonly Way[] =>
  Object.entries(ways).map(([way, endings]) => ({ screens: screensOf(way), ...endings }))

const mapped = <T, R>(counts: Counts<T>, map: (value: T) => R): Counts<R> =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, map(value)]))

const sessionsIn = ({ completed, open, lost }: Endings): number => completed + open + lost

const mergeEndings = (parts: readonly Endings[]): Endings => ({
  completed: total(parts.map(({ completed }) => completed)),
  open: total(parts.map(({ open }) => open)),
  lost: total(parts.map(({ lost }) => lost)),
})
