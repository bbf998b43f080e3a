// Limits paths, of which there can be as many as people. The most frequent are kept; the others are made coarser and coarser until
// they fit. No session is lost, nor its outcome.

import { type Counts, getOrCreate, mergeEach, toCounts } from '../stats/counts.ts'
import { byFrequency, startRoom } from './largest-names.ts'
import { type Limit, OTHER } from './limits.ts'
import { screensOf } from './session-aggregate.ts'

/** Adds up outcomes of sessions, and counts the sessions. */
export type OutcomeMath<E> = {
  readonly merge: (parts: readonly E[]) => E
  readonly sessions: (outcomes: E) => number
}

/** By group, and by the way. */
export type Groups<E> = Counts<Counts<E>>

/** The first visit of each screen, and the last visit. */
export function abbreviated(path: string): string {
  const screens = screensOf(path)
  const first = [...new Set(screens)]
  const last = screens.at(-1)
  return JSON.stringify(last === undefined || first.at(-1) === last ? first : [...first, last])
}

/** Only the last screen. */
export function lastScreenOnly(path: string): string {
  const last = screensOf(path).at(-1)
  return last === undefined ? path : JSON.stringify(last === OTHER ? [OTHER] : [OTHER, last])
}

export const ANY_PATH = JSON.stringify([OTHER])

/** `coarsest`: the form of a path for which there is no room otherwise. */
export function limitPaths<E>(
  groups: Groups<E>,
  { merge, sessions }: OutcomeMath<E>,
  { most, bytes }: Limit,
  coarsest: (path: string) => string,
): Groups<E> {
  if (fits(groups, { most, bytes })) return groups
  const paths = groupedPaths(groups)

  const split = (some: readonly GroupedPath<E>[], part: number): [kept: GroupedPath<E>[], rest: GroupedPath<E>[]] => {
    const room = startRoom({ most: Math.floor(most * part), bytes: bytes * part })
    const ranked = some
      .map((each) => ({ each, rank: [`${each.group}\n${each.path}`, sessions(each.outcomes)] as const }))
      .sort((a, b) => byFrequency(a.rank, b.rank))
    const [kept, rest]: [GroupedPath<E>[], GroupedPath<E>[]] = [[], []]
    for (const { each } of ranked) {
      const isKept = room.fits(bytesOf(each))
      if (isKept) room.take(bytesOf(each))
      ;(isKept ? kept : rest).push(each)
    }
    return [kept, rest]
  }
  const [kept, others] = split(paths, 1 / 2)
  const [keptInBrief, rest] = split(groupedPaths(gathered(others.map(withPath(abbreviated)), merge)), 1 / 4)
  return gathered([...kept, ...keptInBrief, ...rest.map(withPath(coarsest))], merge)
}

/** Almost all do. */
function fits(groups: Groups<unknown>, { most, bytes }: Limit): boolean {
  let [count, size] = [0, 0]
  for (const paths of Object.values(groups))
    for (const path of Object.keys(paths)) {
      count++
      size += bytesOf({ path })
    }
  return count <= most && size <= bytes
}

type GroupedPath<E> = { readonly group: string; readonly path: string; readonly outcomes: E }

/** As JSON, with what became of the sessions in short. */
const bytesOf = ({ path }: { readonly path: string }): number => path.length + 40

const withPath =
  (tell: (path: string) => string) =>
  <E>(told: GroupedPath<E>): GroupedPath<E> => ({ ...told, path: tell(told.path) })

const groupedPaths = <E>(groups: Groups<E>): GroupedPath<E>[] =>
  Object.entries(groups).flatMap(([group, paths]) =>
    Object.entries(paths).map(([path, outcomes]) => ({ group, path, outcomes })),
  )

function gathered<E>(told: readonly GroupedPath<E>[], merge: OutcomeMath<E>['merge']): Groups<E> {
  const groups = new Map<string, Map<string, E[]>>()
  for (const { group, path, outcomes } of told) {
    const paths = getOrCreate(groups, group, () => new Map<string, E[]>())
    getOrCreate(paths, path, () => []).push(outcomes)
  }
  return toCounts(groups, (paths) => mergeEach(paths, merge))
}
