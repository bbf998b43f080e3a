// What was asked of parts (versions, days, hours), as if it had been asked of the whole.

import type { Asked, Endings, Way } from './asked.ts'
import { merged, settled, total, under } from './counts.ts'
import { mergeQuantiles } from './quantiles.ts'
import { mergeScreenTallies } from './screen-tally.ts'
import { ALL } from './tally.ts'

export function mergeAsked(parts: readonly Asked[]): Asked {
  const groups = merged(
    parts.map((part) => part.groups),
    mergeWays,
  )
  return {
    ways: groups[ALL] ?? [],
    groups,
    screens: merged(
      parts.map((part) => part.screens),
      mergeScreenTallies,
    ),
    factors: merged(
      parts.map((part) => part.factors),
      (factors) => merged(factors, mergeEndings),
    ),
    convertMs: mergeQuantiles(parts.map((part) => part.convertMs)),
    opened: total(parts.map((part) => part.opened)),
  }
}

export function mergeWays(parts: readonly (readonly Way[])[]): readonly Way[] {
  const ways = new Map<string, Way[]>()
  for (const way of parts.flat()) under(ways, JSON.stringify(way.screens), () => []).push(way)
  return Object.values(settled(ways, (same) => ({ screens: same[0]?.screens ?? [], ...mergeEndings(same) })))
}

const mergeEndings = (parts: readonly Endings[]): Endings => ({
  completed: total(parts.map(({ completed }) => completed)),
  open: total(parts.map(({ open }) => open)),
  lost: total(parts.map(({ lost }) => lost)),
})
