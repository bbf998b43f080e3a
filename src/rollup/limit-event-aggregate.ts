// Limits an aggregate of events: keeps the screens with the most requests and replies, and the most frequent errors.

import { type Counts, count, getOrCreate, renamed, toCounts, total } from '../stats/counts.ts'
import { countIn } from '../stats/quantiles.ts'
import { errorCategoryOf, otherCodeOf } from './error-category.ts'
import { type EventAggregate, mergeSizes, type Sizes } from './event-aggregate.ts'
import { largest } from './largest-names.ts'
import { LIMITS, OTHER } from './limits.ts'

export function limitEventAggregate(traffic: EventAggregate): EventAggregate {
  const { requestBytes, replyBytes } = traffic
  const counts = new Map<string, number>()
  for (const sizes of [requestBytes, replyBytes])
    for (const [screen, { bytes }] of Object.entries(sizes)) count(counts, screen, countIn(bytes))
  counts.delete(OTHER)
  const kept = largest(counts, LIMITS.screens)
  const fitSizes = (sizes: Counts<Sizes>) =>
    kept ? renamed(sizes, (screen) => (kept.has(screen) ? screen : OTHER), mergeSizes) : sizes
  return {
    ...traffic,
    requestBytes: fitSizes(requestBytes),
    replyBytes: fitSizes(replyBytes),
    errors: fitErrors(traffic.errors),
  }
}

/** Errors that are not kept count for their category, and for no screen. */
function fitErrors(errors: Counts<Counts>): Counts<Counts> {
  const all = Object.entries(errors).flatMap(([screen, kinds]) =>
    Object.entries(kinds).map(([kind, n]) => ({ screen, kind, n, pair: JSON.stringify([screen, kind]) })),
  )
  const told = all.filter(({ screen, kind }) => screen !== OTHER || kind !== otherKindOf(kind))
  const kept = largest(new Map(told.map(({ pair, n }) => [pair, n])), LIMITS.kinds)
  if (!kept) return errors
  const gathered = new Map<string, Map<string, number[]>>()
  for (const { screen, kind, n, pair } of all) {
    const isKept = kept.has(pair)
    const kinds = getOrCreate(gathered, isKept ? screen : OTHER, () => new Map<string, number[]>())
    getOrCreate(kinds, isKept ? kind : otherKindOf(kind), () => []).push(n)
  }
  return toCounts(gathered, (kinds) => toCounts(kinds, total))
}

/** The key (`errorKeyOf`) of the errors of its category that are not told apart. */
function otherKindOf(kind: string): string {
  const [code = ''] = kind.startsWith('client:') ? [kind] : kind.split(':')
  const category = errorCategoryOf(code)
  if (category === 'validation') return `${otherCodeOf(code)}:${OTHER}/${OTHER}`
  return category === 'upstream' ? `${otherCodeOf(code)}:${OTHER}` : otherCodeOf(code)
}
