// What sessions add up to, within `LIMITS`: of made-up names the largest, and the rest added up. Below the limits nothing is changed.

import { type Counts, count, merged, settled, total, under } from './counts.ts'
import { otherCodeOf } from './error-category.ts'
import { type Adding, fitWays, type Groups, lastOf, UNTOLD } from './fit-ways.ts'
import { byFrequency, isFew, largest, sizeOf, startRoom } from './largest.ts'
import { LIMITS, type Limit, LONGEST_NAME, OTHER } from './limits.ts'
import { mergeScreenTallies, type ScreenTally } from './screen-tally.ts'
import { ALL, choiceOf, otherChoiceOf, RULE, screensOf } from './tally.ts'

/** What `Tally` and `Asked` have in common; `E` is what became of sessions. */
export type Summed<E> = {
  readonly groups: Groups<E>
  readonly screens: Counts<ScreenTally>
  readonly factors: Counts<Counts<E>>
}

export function fit<E>(sums: Summed<E>, adding: Adding<E>): Summed<E> {
  const { groups, screens, factors } = fitScreens(sums, adding)
  return {
    groups: fitGroups(fitChoices(groups, adding), adding, 1),
    screens: mapped(screens, fitNames),
    factors: mapped(factors, (some) => fitFactors(some, adding)),
  }
}

/** `share`: of the room for ways, where there are many of these. */
export function fitGroups<E>({ [ALL]: all, ...choices }: Groups<E>, adding: Adding<E>, share: number): Groups<E> {
  return {
    ...(all && fitWays({ [ALL]: all }, adding, shareOf(LIMITS.ways, share), lastOf)),
    ...fitWays(choices, adding, shareOf(LIMITS.waysOfChoices, share), () => UNTOLD),
  }
}

/** What other refusals are called, and what has happened to whom they came to. */
const OTHER_REJECT = `${OTHER}/${OTHER}`
export const OTHER_RULE = `${RULE}${OTHER_REJECT}`

const shareOf = ({ most, bytes }: Limit, share: number): Limit => ({
  most: Math.floor(most * share),
  bytes: Math.floor(bytes * share),
})

/** Which screens are kept follows from the ways of all sessions alone, which some questions read without the rest. */
function fitScreens<E>(sums: Summed<E>, { merge, sessions }: Adding<E>): Summed<E> {
  const counts = new Map(Object.keys(sums.screens).map((screen) => [screen, 0]))
  for (const [way, ends] of Object.entries(sums.groups[ALL] ?? {}))
    for (const screen of new Set(screensOf(way))) count(counts, screen, sessions(ends))
  counts.delete(OTHER)
  const kept = largest(counts, LIMITS.screens)
  if (!kept) return sums
  const screenOf = (screen: string) => (kept.has(screen) ? screen : OTHER)
  return {
    groups: mapped(sums.groups, (ways) => renamed(ways, (way) => retold(way, screenOf), merge)),
    screens: renamed(sums.screens, screenOf, mergeScreenTallies),
    factors: renamed(sums.factors, screenOf, (some) => merged(some, merge)),
  }
}

/** The way with other names for its screens. */
export const retold = (way: string, screenOf: (screen: string) => string): string =>
  JSON.stringify(screensOf(way).map(screenOf))

/** A value that is not kept counts as another one of its field. */
function fitChoices<E>(groups: Groups<E>, { merge, sessions }: Adding<E>): Groups<E> {
  const names = Object.keys(groups)
  if (names.length <= LIMITS.fields && isFew(names, names.length, LIMITS.valuesOfField)) return groups
  const counts = new Map<string, number>()
  for (const [name, ways] of Object.entries(groups))
    if (name !== ALL) counts.set(name, total(Object.values(ways).map(sessions)))
  const choices = [...counts].sort(byFrequency).map(([name]) => ({ name, ...choiceOf(name) }))

  const room = startRoom(LIMITS.values)
  const roomIn = new Map<string, ReturnType<typeof startRoom>>()
  const kept = new Set([ALL])
  const others = new Map<string, string>()
  for (const { name, field, value } of choices) {
    const inField = roomIn.get(field) ?? startRoom(LIMITS.valuesOfField)
    const isField = roomIn.has(field) || (roomIn.size < LIMITS.fields && sizeOf(field) <= LONGEST_NAME)
    if (isField) roomIn.set(field, inField)
    const size = sizeOf(name)
    if (isField && value !== undefined && size <= LONGEST_NAME && room.fits(size) && inField.fits(size)) {
      room.take(size)
      inField.take(size)
      kept.add(name)
    } else others.set(name, otherChoiceOf(isField ? field : OTHER))
  }
  return renamed(
    groups,
    (name) => (kept.has(name) ? name : (others.get(name) as string)),
    (some) => merged(some, merge),
  )
}

/** Of the refusals and errors on one screen. */
function fitNames(tally: ScreenTally): ScreenTally {
  const { rejects, errors } = tally
  const fitted = {
    rejects: fitCounts(rejects, LIMITS.rejects, () => OTHER_REJECT),
    errors: fitCounts(errors, LIMITS.errors, otherCodeOf),
  }
  return fitted.rejects === rejects && fitted.errors === errors ? tally : { ...tally, ...fitted }
}

function fitCounts(counts: Counts, limit: Limit, otherOf: (name: string) => string): Counts {
  const names = new Map(Object.entries(counts).filter(([name]) => name !== otherOf(name)))
  const kept = largest(names, limit)
  return kept ? renamed(counts, (name) => (kept.has(name) ? name : otherOf(name)), total) : counts
}

/** Loading times are few by themselves. */
function fitFactors<E>(factors: Counts<E>, { merge, sessions }: Adding<E>): Counts<E> {
  const rules = Object.entries(factors).filter(([name]) => name.startsWith(RULE) && name !== OTHER_RULE)
  const kept = largest(new Map(rules.map(([name, ends]) => [name, sessions(ends)])), LIMITS.rejects)
  if (!kept) return factors
  return renamed(factors, (name) => (kept.has(name) || !name.startsWith(RULE) ? name : OTHER_RULE), merge)
}

/** With the sums of what has got the same name. */
function renamed<T>(counts: Counts<T>, nameOf: (name: string) => string, merge: (some: readonly T[]) => T): Counts<T> {
  const gathered = new Map<string, T[]>()
  for (const [name, value] of Object.entries(counts)) under(gathered, nameOf(name), () => []).push(value)
  return settled(gathered, (some) => (some.length === 1 ? (some[0] as T) : merge(some)))
}

const mapped = <T>(counts: Counts<T>, map: (value: T) => T): Counts<T> =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, map(value)]))
