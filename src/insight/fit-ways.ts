// The ways that people go are as many as people, once they go to and fro. The most frequent are kept as they are; the others are
// told more and more coarsely, until there is room for them. No session is lost over that, nor how it ended.

import { type Counts, settled, under } from './counts.ts'
import { byFrequency, startRoom } from './largest.ts'
import { type Limit, OTHER } from './limits.ts'
import { screensOf } from './tally.ts'

/** How what became of sessions is added up, and how many sessions that is. */
export type Adding<E> = {
  readonly merge: (parts: readonly E[]) => E
  readonly sessions: (ends: E) => number
}

/** By group, and by the way. */
export type Groups<E> = Counts<Counts<E>>

/** The first visit of each screen, and the last visit. */
export function brief(way: string): string {
  const screens = screensOf(way)
  const first = [...new Set(screens)]
  const last = screens.at(-1)
  return JSON.stringify(last === undefined || first.at(-1) === last ? first : [...first, last])
}

/** Nothing but where it ended. */
export function lastOf(way: string): string {
  const last = screensOf(way).at(-1)
  return last === undefined ? way : JSON.stringify(last === OTHER ? [OTHER] : [OTHER, last])
}

export const UNTOLD = JSON.stringify([OTHER])

/** `coarsest`: what is told of a way when there is no room for it otherwise; of each group there are few. */
export function fitWays<E>(
  groups: Groups<E>,
  { merge, sessions }: Adding<E>,
  { most, bytes }: Limit,
  coarsest: (way: string) => string,
): Groups<E> {
  const ways = listed(groups)
  const total = ways.reduce((sum, each) => sum + bytesOf(each), 0)
  if (ways.length <= most && total <= bytes) return groups

  const split = (some: readonly Told<E>[], part: number): [kept: Told<E>[], rest: Told<E>[]] => {
    const room = startRoom({ most: Math.floor(most * part), bytes: bytes * part })
    const ranked = some
      .map((each) => ({ each, rank: [`${each.group}\n${each.way}`, sessions(each.ends)] as const }))
      .sort((a, b) => byFrequency(a.rank, b.rank))
    const [kept, rest]: [Told<E>[], Told<E>[]] = [[], []]
    for (const { each } of ranked) {
      const isKept = room.fits(bytesOf(each))
      if (isKept) room.take(bytesOf(each))
      ;(isKept ? kept : rest).push(each)
    }
    return [kept, rest]
  }
  const [kept, others] = split(ways, 1 / 2)
  const [keptInBrief, rest] = split(listed(gathered(others.map(retold(brief)), merge)), 1 / 4)
  return gathered([...kept, ...keptInBrief, ...rest.map(retold(coarsest))], merge)
}

type Told<E> = { readonly group: string; readonly way: string; readonly ends: E }

/** As JSON, with what became of the sessions in short. */
const bytesOf = ({ way }: { readonly way: string }): number => way.length + 40

const retold =
  (tell: (way: string) => string) =>
  <E>(told: Told<E>): Told<E> => ({ ...told, way: tell(told.way) })

const listed = <E>(groups: Groups<E>): Told<E>[] =>
  Object.entries(groups).flatMap(([group, ways]) => Object.entries(ways).map(([way, ends]) => ({ group, way, ends })))

function gathered<E>(told: readonly Told<E>[], merge: Adding<E>['merge']): Groups<E> {
  const groups = new Map<string, Map<string, E[]>>()
  for (const { group, way, ends } of told)
    under(
      under(groups, group, () => new Map<string, E[]>()),
      way,
      () => [],
    ).push(ends)
  return settled(groups, (ways) => settled(ways, (some) => (some.length === 1 ? (some[0] as E) : merge(some))))
}
