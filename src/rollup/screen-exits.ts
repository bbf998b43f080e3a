// How many sessions left at each screen, and how many went on from there.

import { type Counts, count, getOrCreate, mapped, merged, toCounts, total } from '../stats/counts.ts'
import { isFew, largest } from './largest-names.ts'
import { LIMITS, type Limit } from './limits.ts'
import { ALL_SESSIONS, type SessionAggregate, screensOf, timeBucketOf } from './session-aggregate.ts'
import {
  condensedAround,
  countInTimeBuckets,
  countsAround,
  isLongPast,
  mergeTimeBucketCounts,
  type TimeBucketCounts,
} from './time-bucket-counts.ts'

/** Of the sessions that visited a screen: how many left there, and how many went on. Those that are open there are neither. */
export type Exits = { readonly lost: number; readonly wentOn: number }

/** By screen. Much smaller than the paths that it comes from, and it does not depend on the time of the query. */
export type ExitAggregate = Counts<ScreenExits>

/** `uncompleted`: those of the sessions that visited the screen which saw it last, by the time bucket of their last event. */
type ScreenExits = { readonly visited: number; readonly uncompleted: TimeBucketCounts }

/** Condensed, as `condenseOutcomes` does it. */
export function exitsOf({ groups }: Pick<SessionAggregate, 'groups'>, lostSince: number): ExitAggregate {
  const visited = new Map<string, number>()
  const left = new Map<string, TimeBucketCounts[]>()
  for (const [path, { completed, uncompleted }] of Object.entries(groups[ALL_SESSIONS] ?? {})) {
    const screens = screensOf(path)
    const sessions = completed + countInTimeBuckets(uncompleted)
    for (const screen of new Set(screens)) count(visited, screen, sessions)
    const last = screens.at(-1)
    if (last !== undefined) getOrCreate(left, last, () => []).push(uncompleted)
  }
  return toCounts(
    new Map(
      [...visited].map(([screen, visited]) => {
        const uncompleted = mergeTimeBucketCounts(left.get(screen) ?? [])
        return [screen, { visited, uncompleted: condensedAround(uncompleted, timeBucketOf(lostSince)) }]
      }),
    ),
  )
}

/** Whether all sessions have completed or are lost. */
export const areExitsDecided = (exits: ExitAggregate): boolean =>
  Object.values(exits).every(({ uncompleted }) => isLongPast(uncompleted))

/** Of many screens, only those that most sessions visited. */
export const mergeExits = (parts: readonly ExitAggregate[]): ExitAggregate =>
  mostVisited(
    merged(parts, (some) => ({
      visited: total(some.map(({ visited }) => visited)),
      uncompleted: mergeTimeBucketCounts(some.map(({ uncompleted }) => uncompleted)),
    })),
    LIMITS.screens,
  )

/** With this share of the room that paths would take. */
export function truncateExits(exits: ExitAggregate, share: number): ExitAggregate {
  const { most, bytes } = LIMITS.screens
  const part = Math.min(1, (share * LIMITS.paths.bytes) / bytes)
  return part === 1 ? exits : mostVisited(exits, { most: Math.floor(most * part), bytes: bytes * part })
}

function mostVisited(exits: ExitAggregate, limit: Limit): ExitAggregate {
  const names = Object.keys(exits)
  // Almost always, and a question does this for each of hundreds of hours.
  if (isFew(names, names.length, limit)) return exits
  const kept = largest(new Map(Object.entries(exits).map(([screen, { visited }]) => [screen, visited])), limit)
  return kept ? Object.fromEntries(Object.entries(exits).filter(([screen]) => kept.has(screen))) : exits
}

/** `seenAround`: of the lost ones among the sessions whose last event is in the time bucket of `lostSince`. */
export const exitsAsOf = (exits: ExitAggregate, lostSince: number, seenAround: ExitAggregate = {}): Counts<Exits> =>
  mapped(exits, ({ visited, uncompleted }, screen) => {
    const bucket = timeBucketOf(lostSince)
    const { before, within, after } = countsAround(uncompleted, bucket)
    const around = Object.hasOwn(seenAround, screen) ? seenAround[screen] : undefined
    const lostWithin = Math.min(within, around ? countsAround(around.uncompleted, bucket).within : 0)
    return { lost: before + lostWithin, wentOn: visited - before - within - after }
  })
