// The aggregate of a set of sessions, which does not depend on the time of the query. Aggregates of parts merge into that of the
// whole.

import { canonical, type Json } from '../lib/json.ts'
import { type Counts, count, getOrCreate, mapped, merged, mergedBy, toCounts, total } from '../stats/counts.ts'
import { mergeQuantiles, NO_VALUES, type Quantiles, quantilesOf } from '../stats/quantiles.ts'
import { countedSteps, optionsOf, type Session, type Step, stepsOfPath } from '../trail/session.ts'
import { type ConvertBars, convertBarsOf, mergeConvertBars, NO_BARS } from './convert-bars.ts'
import { loadBucketOf } from './load-bucket.ts'
import { aggregateVisits, mergeScreenAggregates, NO_VISITS, type ScreenAggregate } from './screen-aggregate.ts'
import { mergeTimeBucketCounts, type TimeBucketCounts, timeBucketCountsOf } from './time-bucket-counts.ts'

export type SessionAggregate = {
  /** Sessions by their path (`pathOf`); all of them under `ALL_SESSIONS`, and again under each option of their choices. */
  readonly groups: Counts<Counts<OutcomeCounts>>
  readonly screens: Counts<ScreenAggregate>
  /**
   * Sessions that reached a screen, by the screen and by what happened to them there: `rule:date/min` refused them,
   * `load:1-3s` is how long the screen took to load when they had it last. Who went on from there has completed here.
   */
  readonly factors: Counts<Counts<OutcomeCounts>>
  /** From the first event to the completion, milliseconds. */
  readonly convertMs: Quantiles
  readonly convertBars: ConvertBars
  /** Sessions that began with an opening that we answered. */
  readonly opened: number
}

/** Completed sessions, and the others by the time bucket of their last event. */
export type OutcomeCounts = { readonly completed: number; readonly uncompleted: TimeBucketCounts }

/** The group of all sessions. */
export const ALL_SESSIONS = ''

/** The group of the sessions whose last choice this was, or was among. */
export const groupOf = (field: string, value: Json): string => canonical([field, value])

/** The group of the sessions with choices of a field that are not told apart; no value goes by such a name. */
export const otherChoiceOf = (field: string): string => canonical([field])

/**
 * Sessions that chose several options of a field, once for each option but one. The groups of the field, less this one, have each
 * session once.
 */
export const overlapOf = (field: string): string => canonical([field, null, 'overlap'])

/** `value`: undefined of the others. */
export function choiceOf(group: string) {
  const [field, value, overlap] = JSON.parse(group) as [string, Json?, 'overlap'?]
  return { field, value, isOverlap: overlap !== undefined }
}

/** How the names of the two kinds of factors begin. */
export const RULE_PREFIX = 'rule:'
export const LOAD_PREFIX = 'load:'

/** Milliseconds. With shorter buckets, a query about lost sessions reads fewer of them one by one. */
export const TIME_BUCKET_MS = 300_000

export const timeBucketOf = (at: number): number => Math.floor(at / TIME_BUCKET_MS)

/** The screens of a session's path, in their order. */
export const pathOf = (steps: readonly Step[]): string => JSON.stringify(stepsOfPath(steps).map(({ screen }) => screen))

export const screensOf = (path: string): readonly string[] => JSON.parse(path) as string[]

export const NO_SESSIONS: SessionAggregate = {
  groups: {},
  screens: {},
  factors: {},
  convertMs: NO_VALUES,
  convertBars: NO_BARS,
  opened: 0,
}

/** Without what was measured; of the screens only the names. */
export const outcomesOnly = ({ groups, factors, screens }: SessionAggregate): SessionAggregate => ({
  ...NO_SESSIONS,
  ...{ groups, factors },
  screens: mapped(screens, () => NO_VISITS),
})

/** How long people took to complete. */
export const convertOnly = ({ convertMs, convertBars }: SessionAggregate): SessionAggregate => ({
  ...NO_SESSIONS,
  ...{ convertMs, convertBars },
})

/** Nothing but the paths of all sessions. */
export function aggregatePaths(sessions: readonly Session[]): SessionAggregate {
  const groups = new Map<string, Map<string, OutcomeCounter>>()
  for (const { steps, completedAt, lastAt } of sessions)
    countOutcome(groups, ALL_SESSIONS, pathOf(steps), completedAt !== undefined, lastAt)
  return { ...NO_SESSIONS, groups: toCounts(groups, (paths) => toCounts(paths, close)) }
}

export function aggregateSessions(sessions: readonly Session[]): SessionAggregate {
  const groups = new Map<string, Map<string, OutcomeCounter>>()
  const factors = new Map<string, Map<string, OutcomeCounter>>()
  const visits = new Map<string, Step[]>()
  for (const session of sessions) {
    const { completedAt, lastAt, exit } = session
    const steps = countedSteps(session.steps)
    const path = pathOf(session.steps)
    for (const group of groupsOf(session)) countOutcome(groups, group, path, completedAt !== undefined, lastAt)
    for (const [screen, factor] of factorsOf(steps))
      countOutcome(factors, screen, factor, completedAt !== undefined || exit !== screen, lastAt)
    for (const step of steps) getOrCreate(visits, step.screen, () => []).push(step)
  }
  const convertMs = sessions.flatMap(({ startedAt, completedAt }) =>
    completedAt === undefined ? [] : completedAt - startedAt,
  )
  return {
    groups: toCounts(groups, (paths) => toCounts(paths, close)),
    screens: toCounts(visits, aggregateVisits),
    factors: toCounts(factors, (outcomes) => toCounts(outcomes, close)),
    convertMs: quantilesOf(convertMs),
    convertBars: convertBarsOf(convertMs),
    opened: sessions.filter(({ steps }) => steps[0]?.showing === 'seen').length,
  }
}

const mergeByName = (counts: readonly Counts<OutcomeCounts>[]): Counts<OutcomeCounts> => merged(counts, mergeOutcomes)

export const mergeSessionAggregates = (parts: readonly SessionAggregate[]): SessionAggregate => ({
  groups: mergedBy(parts, (part) => part.groups, mergeByName),
  screens: mergedBy(parts, (part) => part.screens, mergeScreenAggregates),
  factors: mergedBy(parts, (part) => part.factors, mergeByName),
  convertMs: mergeQuantiles(parts.map((part) => part.convertMs)),
  convertBars: mergeConvertBars(parts.map((part) => part.convertBars)),
  opened: total(parts.map((part) => part.opened)),
})

type OutcomeCounter = { completed: number; readonly uncompleted: Map<number, number> }

function countOutcome(
  outcomes: Map<string, Map<string, OutcomeCounter>>,
  outer: string,
  inner: string,
  isCompleted: boolean,
  lastAt: number,
): void {
  const inside = getOrCreate(outcomes, outer, () => new Map<string, OutcomeCounter>())
  const found = getOrCreate(inside, inner, () => ({ completed: 0, uncompleted: new Map() }))
  if (isCompleted) found.completed++
  else count(found.uncompleted, timeBucketOf(lastAt))
}

const close = ({ completed, uncompleted }: OutcomeCounter): OutcomeCounts => ({
  completed,
  uncompleted: timeBucketCountsOf(uncompleted),
})

export const mergeOutcomes = (parts: readonly OutcomeCounts[]): OutcomeCounts => ({
  completed: total(parts.map((part) => part.completed)),
  uncompleted: mergeTimeBucketCounts(parts.map((part) => part.uncompleted)),
})

const groupsOf = ({ choices }: Session): string[] => [
  ALL_SESSIONS,
  ...Object.entries(choices).flatMap(([field, value]) => groupsOfChoice(field, value)),
]

/** Of the session that made it last. */
export function groupsOfChoice(field: string, value: Json): string[] {
  const options = optionsOf(value)
  return [...options.map((option) => groupOf(field, option)), ...options.slice(1).map(() => overlapOf(field))]
}

/** The screens that were reached, with what happened to it there; each pair once. */
function factorsOf(steps: readonly Step[]): (readonly [screen: string, factor: string])[] {
  const rules = steps.flatMap(({ screen, rejects }) =>
    rejects.map(({ field, rule }) => [screen, `${RULE_PREFIX}${field}/${rule}`] as const),
  )
  const loads = new Map<string, number>()
  for (const { screen, loadMs } of steps) if (loadMs !== undefined) loads.set(screen, loadMs)
  const buckets = [...loads].map(([screen, ms]) => [screen, `${LOAD_PREFIX}${loadBucketOf(ms)}`] as const)
  return [...new Map([...rules, ...buckets].map((pair) => [pair.join('\n'), pair])).values()]
}
