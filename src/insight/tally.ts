// What a set of sessions adds up to: everything the numbers are made from, and nothing that depends on when one asks. Tallies
// of parts merge into the tally of the whole.

import { canonical, type Json } from '../lib/json.ts'
import { countedSteps, type Session, type Step } from '../trail/session.ts'
import { type Counts, count, merged, settled, total, under } from './counts.ts'
import { loadBucketOf } from './load-bucket.ts'
import { mergeQuantiles, NO_VALUES, type Quantiles, quantilesOf } from './quantiles.ts'
import { mergeScreenTallies, type ScreenTally, screenTallyOf } from './screen-tally.ts'
import { mergeSpanCounts, type SpanCounts, spanCountsOf } from './span-counts.ts'

export type Tally = {
  /** Sessions by the way they went (`wayOf`); all of them under `ALL`, and once more under each of their choices. */
  readonly groups: Counts<Counts<Ends>>
  readonly screens: Counts<ScreenTally>
  /**
   * Sessions that reached a screen, by the screen and by what happened to them there: `rule:date/min` refused them,
   * `load:1-3s` is how long the screen took to load when they had it last. Who went on from there has completed here.
   */
  readonly factors: Counts<Counts<Ends>>
  /** From the first event to the completion, milliseconds. */
  readonly convertMs: Quantiles
  /** Sessions that began with an opening that we answered. */
  readonly opened: number
}

/** How many sessions came to the end in question, and how many did not, by the span in which they were seen last. */
export type Ends = { readonly completed: number; readonly left: SpanCounts }

/** The group of all sessions. */
export const ALL = ''

/** The group of the sessions whose last choice this was. */
export const groupOf = (field: string, value: Json): string => canonical([field, value])

/** The group of the sessions with choices of a field that are not told apart; no value goes by such a name. */
export const otherChoiceOf = (field: string): string => canonical([field])

/** `value`: undefined of the others. */
export function choiceOf(group: string): { readonly field: string; readonly value: Json | undefined } {
  const [field, value] = JSON.parse(group) as [string, Json?]
  return { field, value }
}

/** How the names of the two kinds of factors begin. */
export const RULE = 'rule:'
export const LOAD = 'load:'

/** Spans are this long, milliseconds. The shorter, the fewer sessions need a closer look when somebody asks who is lost. */
export const SPAN_MS = 300_000

export const spanOf = (at: number): number => Math.floor(at / SPAN_MS)

/**
 * Of a way through more visits only the first are told, then the first of each screen that comes later, and the last one. As
 * names can be made up, the later screens are no more than this either.
 */
export const LONGEST_WAY = 60

/** The screens of the visits in their order. */
export const wayOf = (steps: readonly Step[]): string => JSON.stringify(stepsTold(steps).map(({ screen }) => screen))

export function stepsTold(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= LONGEST_WAY) return steps
  const first = steps.slice(0, LONGEST_WAY - 1)
  const known = new Set(first.map(({ screen }) => screen))
  const later = new Map<string, Step>()
  for (const step of steps.slice(first.length, -1))
    if (!known.has(step.screen) && !later.has(step.screen)) later.set(step.screen, step)
  return [...first, ...[...later.values()].slice(0, LONGEST_WAY), ...steps.slice(-1)]
}

export const screensOf = (way: string): readonly string[] => JSON.parse(way) as string[]

export const NO_SESSIONS: Tally = { groups: {}, screens: {}, factors: {}, convertMs: NO_VALUES, opened: 0 }

/** Nothing but the ways of all sessions. */
export const waysOnly = ({ groups }: Tally): Tally => ({ ...NO_SESSIONS, groups: { [ALL]: groups[ALL] ?? {} } })

export function tallyOf(sessions: readonly Session[]): Tally {
  const groups = new Map<string, Map<string, OpenEnds>>()
  const factors = new Map<string, Map<string, OpenEnds>>()
  const visits = new Map<string, Step[]>()
  for (const session of sessions) {
    const { completedAt, lastAt, exit } = session
    const steps = countedSteps(session.steps)
    const way = wayOf(steps)
    for (const group of groupsOf(session)) note(groups, group, way, completedAt !== undefined, lastAt)
    for (const [screen, factor] of factorsOf(steps))
      note(factors, screen, factor, completedAt !== undefined || exit !== screen, lastAt)
    for (const step of steps) under(visits, step.screen, () => []).push(step)
  }
  const completed = sessions.filter((session) => session.completedAt !== undefined)
  return {
    groups: settled(groups, (ways) => settled(ways, close)),
    screens: settled(visits, screenTallyOf),
    factors: settled(factors, (ends) => settled(ends, close)),
    convertMs: quantilesOf(completed.map(({ startedAt, completedAt }) => Number(completedAt) - startedAt)),
    opened: sessions.filter(({ steps }) => steps[0]?.showing === 'seen').length,
  }
}

export function mergeTallies(parts: readonly Tally[]): Tally {
  return {
    groups: merged(
      parts.map((part) => part.groups),
      (groups) => merged(groups, mergeEnds),
    ),
    screens: merged(
      parts.map((part) => part.screens),
      mergeScreenTallies,
    ),
    factors: merged(
      parts.map((part) => part.factors),
      (factors) => merged(factors, mergeEnds),
    ),
    convertMs: mergeQuantiles(parts.map((part) => part.convertMs)),
    opened: total(parts.map((part) => part.opened)),
  }
}

type OpenEnds = { completed: number; readonly left: Map<number, number> }

function note(
  ends: Map<string, Map<string, OpenEnds>>,
  outer: string,
  inner: string,
  isCompleted: boolean,
  lastAt: number,
): void {
  const found = under(
    under(ends, outer, () => new Map<string, OpenEnds>()),
    inner,
    () => ({ completed: 0, left: new Map() }),
  )
  if (isCompleted) found.completed++
  else count(found.left, spanOf(lastAt))
}

const close = ({ completed, left }: OpenEnds): Ends => ({ completed, left: spanCountsOf(left) })

export const mergeEnds = (parts: readonly Ends[]): Ends => ({
  completed: total(parts.map((part) => part.completed)),
  left: mergeSpanCounts(parts.map((part) => part.left)),
})

const groupsOf = ({ choices }: Session): string[] => [
  ALL,
  ...Object.entries(choices).map(([field, value]) => groupOf(field, value)),
]

/** The screens that were reached, with what happened to it there; each pair once. */
function factorsOf(steps: readonly Step[]): (readonly [screen: string, factor: string])[] {
  const rules = steps.flatMap(({ screen, rejects }) =>
    rejects.map(({ field, rule }) => [screen, `${RULE}${field}/${rule}`] as const),
  )
  const loads = new Map<string, number>()
  for (const { screen, loadMs } of steps) if (loadMs !== undefined) loads.set(screen, loadMs)
  const buckets = [...loads].map(([screen, ms]) => [screen, `${LOAD}${loadBucketOf(ms)}`] as const)
  return [...new Map([...rules, ...buckets].map((pair) => [pair.join('\n'), pair])).values()]
}
