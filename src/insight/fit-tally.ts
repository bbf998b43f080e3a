// Tallies within the limits, and by which names one of them has what others tell apart.

import { type Counts, settled, total, under } from './counts.ts'
import { fit, fitGroups, OTHER_RULE, retold } from './fit.ts'
import { type Adding, brief, lastOf, UNTOLD } from './fit-ways.ts'
import { OTHER } from './limits.ts'
import { countInSpans, type SpanCounts } from './span-counts.ts'
import { ALL, choiceOf, type Ends, mergeEnds, otherChoiceOf, screensOf, type Tally } from './tally.ts'

const ADDING: Adding<Ends> = {
  merge: mergeEnds,
  sessions: ({ completed, left }) => completed + countInSpans(left),
}

export const fitTally = (tally: Tally): Tally => ({ ...tally, ...fit(tally, ADDING) })

/** With this share of the room for ways. */
export const shortened = (tally: Tally, share: number): Tally => ({
  ...tally,
  groups: fitGroups(tally.groups, ADDING, share),
})

/** What ways take in memory, about, in bytes: but for them, no tally is much larger than another. */
export const bytesOfWays = ({ groups }: Pick<Tally, 'groups'>): number =>
  total(Object.values(groups).flatMap((ways) => Object.entries(ways).map(([way, { left }]) => bytesOfWay(way, left))))

const bytesOfWay = (way: string, left: SpanCounts): number => 100 + 2 * way.length + 8 * left.length

type Ending = Pick<Tally, 'groups' | 'factors'>

/** `part` of the same sessions, by the names that `whole` has for them; what it has no name for is left out. */
export function inWordsOf(whole: Ending, part: Ending): Ending {
  let screens: ReadonlySet<string> | undefined
  const screenOf = (screen: string) => {
    screens ??= new Set(Object.keys(whole.groups[ALL] ?? {}).flatMap(screensOf))
    return screens.has(screen) ? screen : OTHER
  }
  const otherWays = (way: string) => {
    const known = retold(way, screenOf)
    return [known, brief(known), lastOf(known), UNTOLD]
  }
  return {
    groups: moved(part.groups, whole.groups, otherGroups, otherWays),
    factors: moved(
      part.factors,
      whole.factors,
      () => [OTHER],
      () => [OTHER_RULE],
    ),
  }
}

const otherGroups = (group: string): string[] =>
  group === ALL ? [] : [otherChoiceOf(choiceOf(group).field), otherChoiceOf(OTHER)]

type Others = (name: string) => readonly string[]

function moved(part: Counts<Counts<Ends>>, whole: Counts<Counts<Ends>>, outer: Others, inner: Others) {
  const nameIn = (counts: Counts<unknown>, name: string, others: Others) =>
    Object.hasOwn(counts, name) ? name : others(name).find((other) => Object.hasOwn(counts, other))
  const gathered = new Map<string, Map<string, Ends[]>>()
  for (const [group, some] of Object.entries(part)) {
    const outerName = nameIn(whole, group, outer)
    if (outerName === undefined) continue
    for (const [name, ends] of Object.entries(some)) {
      const innerName = nameIn(whole[outerName] ?? {}, name, inner)
      if (innerName === undefined) continue
      const inside = under(gathered, outerName, () => new Map<string, Ends[]>())
      under(inside, innerName, () => []).push(ends)
    }
  }
  return settled(gathered, (some) => settled(some, mergeEnds))
}
