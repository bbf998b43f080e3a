// Limits an aggregate of sessions to `LIMITS`: keeps the most frequent names and adds up the rest.

import { type Counts, count, mapped, merged, renamed, total } from '../stats/counts.ts'
import { otherCodeOf } from './error-category.ts'
import { byFrequency, isFew, largest, sizeOf, startRoom } from './largest-names.ts'
import { ANY_PATH, type Groups, lastScreenOnly, limitPaths, type OutcomeMath } from './limit-paths.ts'
import { LIMITS, type Limit, LONGEST_NAME, OTHER } from './limits.ts'
import { mergeScreenAggregates, type ScreenAggregate } from './screen-aggregate.ts'
import { ALL_SESSIONS, choiceOf, otherChoiceOf, overlapOf, RULE_PREFIX, screensOf } from './session-aggregate.ts'

/** The common part of aggregates and statistics; `E` is the outcome of sessions. */
export type NamedOutcomes<E> = {
  readonly groups: Groups<E>
  readonly screens: Counts<ScreenAggregate>
  readonly factors: Counts<Counts<E>>
}

export function limitNames<E>(sums: NamedOutcomes<E>, adding: OutcomeMath<E>): NamedOutcomes<E> {
  const { groups, screens, factors } = limitScreens(sums, adding)
  return {
    groups: limitGroups(limitChoices(groups, adding), adding, 1),
    screens: mapped(screens, limitErrors),
    factors: mapped(factors, (some) => limitFactors(some, adding)),
  }
}

/** `share`: of the room for paths, where there are many of these. */
export function limitGroups<E>(groups: Groups<E>, adding: OutcomeMath<E>, share: number): Groups<E> {
  const { [ALL_SESSIONS]: all, ...choices } = groups
  const whole = all ? { [ALL_SESSIONS]: all } : {}
  const fewer = limitPaths(whole, adding, shareOf(LIMITS.paths, share), lastScreenOnly)
  const fewerOfChoices = limitPaths(choices, adding, shareOf(LIMITS.pathsOfChoices, share), () => ANY_PATH)
  return fewer === whole && fewerOfChoices === choices ? groups : { ...fewer, ...fewerOfChoices }
}

/** The name of other refusals, and of their factor. */
const OTHER_REJECT = `${OTHER}/${OTHER}`
export const OTHER_RULE = `${RULE_PREFIX}${OTHER_REJECT}`

const shareOf = ({ most, bytes }: Limit, share: number): Limit => ({
  most: Math.floor(most * share),
  bytes: Math.floor(bytes * share),
})

/** Which screens are kept follows from the paths of all sessions alone, which some questions read without the rest. */
function limitScreens<E>(sums: NamedOutcomes<E>, { merge, sessions }: OutcomeMath<E>): NamedOutcomes<E> {
  const counts = new Map(Object.keys(sums.screens).map((screen) => [screen, 0]))
  for (const [path, outcomes] of Object.entries(sums.groups[ALL_SESSIONS] ?? {}))
    for (const screen of new Set(screensOf(path))) count(counts, screen, sessions(outcomes))
  counts.delete(OTHER)
  const kept = largest(counts, LIMITS.screens)
  if (!kept) return sums
  const screenOf = (screen: string) => (kept.has(screen) ? screen : OTHER)
  return {
    groups: mapped(sums.groups, (paths) => renamed(paths, (path) => renameScreens(path, screenOf), merge)),
    screens: renamed(sums.screens, screenOf, mergeScreenAggregates),
    factors: renamed(sums.factors, screenOf, (some) => merged(some, merge)),
  }
}

/** The path with other names for its screens. */
export const renameScreens = (path: string, screenOf: (screen: string) => string): string =>
  JSON.stringify(screensOf(path).map(screenOf))

function limitChoices<E>(groups: Groups<E>, { merge, sessions }: OutcomeMath<E>): Groups<E> {
  const names = Object.keys(groups)
  if (names.length <= LIMITS.fields && isFew(names, names.length, LIMITS.valuesOfField)) return groups
  const counts = new Map<string, number>()
  for (const [name, paths] of Object.entries(groups))
    if (name !== ALL_SESSIONS) counts.set(name, total(Object.values(paths).map(sessions)))
  return renamed(groups, choiceNames(counts), (some) => merged(some, merge))
}

/** A value that is not kept counts for the other values of its field. */
function choiceNames(counts: ReadonlyMap<string, number>): (group: string) => string {
  const room = startRoom(LIMITS.values)
  const roomIn = new Map<string, ReturnType<typeof startRoom>>()
  const kept = new Set<string>()
  for (const [name] of [...counts].sort(byFrequency)) {
    const { field, value, isOverlap } = choiceOf(name)
    if (isOverlap) continue
    const inField = roomIn.get(field) ?? startRoom(LIMITS.valuesOfField)
    if (!roomIn.has(field) && (roomIn.size >= LIMITS.fields || sizeOf(field) > LONGEST_NAME)) continue
    roomIn.set(field, inField)
    const size = sizeOf(name)
    if (value === undefined || size > LONGEST_NAME || !room.fits(size) || !inField.fits(size)) continue
    room.take(size)
    inField.take(size)
    kept.add(name)
  }
  return (group) => {
    if (group === ALL_SESSIONS || kept.has(group)) return group
    const { field, isOverlap } = choiceOf(group)
    const known = roomIn.has(field) ? field : OTHER
    return isOverlap ? overlapOf(known) : otherChoiceOf(known)
  }
}

/** Of the refusals and errors on one screen. */
function limitErrors(tally: ScreenAggregate): ScreenAggregate {
  const { rejects, errors } = tally
  const fitted = {
    rejects: limitCounts(rejects, LIMITS.rejects, () => OTHER_REJECT),
    errors: limitCounts(errors, LIMITS.errors, otherCodeOf),
  }
  return fitted.rejects === rejects && fitted.errors === errors ? tally : { ...tally, ...fitted }
}

function limitCounts(counts: Counts, limit: Limit, otherOf: (name: string) => string): Counts {
  const names = new Map(Object.entries(counts).filter(([name]) => name !== otherOf(name)))
  const kept = largest(names, limit)
  return kept ? renamed(counts, (name) => (kept.has(name) ? name : otherOf(name)), total) : counts
}

/** Loading times are few by themselves. */
function limitFactors<E>(factors: Counts<E>, { merge, sessions }: OutcomeMath<E>): Counts<E> {
  const rules = Object.entries(factors).filter(([name]) => name.startsWith(RULE_PREFIX) && name !== OTHER_RULE)
  const kept = largest(new Map(rules.map(([name, outcomes]) => [name, sessions(outcomes)])), LIMITS.rejects)
  if (!kept) return factors
  return renamed(factors, (name) => (kept.has(name) || !name.startsWith(RULE_PREFIX) ? name : OTHER_RULE), merge)
}
