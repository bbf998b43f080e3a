// How far people get in a period: as a whole, by what they have in common, and against the period before.

import { type Funnel, type FunnelQuery, type FunnelStep, funnelOf, type TimedPath } from '../insight/funnel.ts'
import { type Change, changeOf } from '../insight/trend.ts'
import type { Json } from '../lib/json.ts'
import { OTHER } from '../rollup/limits.ts'
import { total } from '../stats/counts.ts'
import { type FunnelBy, groupsAs, groupsOf } from './breakdown.ts'
import type { ReportContext } from './context.ts'
import { byHour, byWeekday, wholeOf } from './labelled-spans.ts'
import { type Period, periodBefore } from './period.ts'
import { badParameter, type ReportProblem, type ReportResult, reported } from './result.ts'
import { type ChoiceFilter, chosenPaths, readSlices, type Sample, type Slice, scanSlices } from './slices.ts'
import { unknownChoice, unknownScreen, untoldChoice } from './unknown-names.ts'

export type FunnelQuestion = {
  readonly flow: string
  readonly period: Period
  readonly version?: string | undefined
  readonly choice?: ChoiceFilter | undefined
  /** Where none are given, those of the config. */
  readonly steps?: FunnelQuery['steps'] | undefined
  readonly isStrict?: boolean | undefined
  readonly exclude?: readonly string[] | undefined
  /** From a step to the next; has the sessions gone through one by one. */
  readonly windowMs?: number | undefined
  readonly by?: FunnelBy | undefined
  /** Also tells the period before. */
  readonly isCompared?: boolean | undefined
}

type Before<T> = T & { readonly conversionChange: Change; readonly dropOffChange: Change }

export type ComparedStep = FunnelStep & {
  readonly previous?: Before<Pick<FunnelStep, 'reached' | 'conversion' | 'dropOff'>>
}

export type ComparedFunnel = Omit<Funnel, 'steps'> & {
  readonly steps: readonly ComparedStep[]
  readonly previous?: Pick<Funnel, 'started' | 'completion'> & { readonly completionChange: Change }
}

export type FunnelReport = {
  /** Sessions that were looked at, whether they came to the first step or not. */
  readonly n: number
  readonly funnel: ComparedFunnel
  /** One funnel for each value that people have in common. */
  readonly breakdown?: readonly BreakdownLine[]
  readonly sample?: Sample
  readonly previous?: { readonly period: Period; readonly n: number; readonly sample?: Sample }
}

export async function funnelReport(
  reader: ReportContext,
  question: FunnelQuestion,
): Promise<ReportResult<FunnelReport>> {
  const { flow, period } = question
  const steps = question.steps ?? reader.flows.get(flow)?.funnel
  if (!steps) return badParameter('`steps` is missing; expected the steps, as the config has no such flow')
  if (question.choice && typeof question.by === 'object')
    return badParameter('`choice` and `by` are both about a choice; expected one of them')

  const now = await read(reader, question, period)
  const before = question.isCompared ? await read(reader, question, periodBefore(period)) : undefined
  const problem = problemOf(reader, { ...question, steps }, [...now.slices, ...(before?.slices ?? [])])
  if (problem) return problem

  const waysIn = ({ slices }: FunnelReading) => slices.flatMap((slice) => chosenPaths(slice, question.choice))
  const compared: Compared = (paths, earlier) => {
    const query = queryOf(question, steps)
    return compare(funnelOf(paths, query), earlier && funnelOf(earlier, query))
  }
  return reported({
    n: sessionsIn(waysIn(now)),
    funnel: compared(waysIn(now), before && waysIn(before)),
    ...(question.by && { breakdown: breakdownOf({ ...question, steps }, compared, now, before) }),
    ...(now.sample && { sample: now.sample }),
    ...(before && {
      previous: {
        period: periodBefore(period),
        n: sessionsIn(waysIn(before)),
        ...(before.sample && { sample: before.sample }),
      },
    }),
  })
}

type Compared = (paths: readonly TimedPath[], earlier: readonly TimedPath[] | undefined) => ComparedFunnel

function problemOf(
  reader: ReportContext,
  { flow, steps, exclude, choice, by }: FunnelQuestion,
  seen: readonly Slice[],
): ReportProblem | undefined {
  return (
    unknownScreen(reader, flow, seen, 'steps', (steps ?? []).flat()) ??
    unknownScreen(reader, flow, seen, 'exclude', exclude ?? []) ??
    unknownChoice(reader, flow, seen, 'choice', choice?.field) ??
    untoldChoice(seen, choice) ??
    unknownChoice(reader, flow, seen, 'by', typeof by === 'object' ? by.choice : undefined)
  )
}

const queryOf = ({ isStrict, exclude, windowMs }: FunnelQuestion, steps: FunnelQuery['steps']): FunnelQuery => ({
  steps,
  ...(isStrict && { isStrict }),
  ...(exclude && { exclude }),
  ...(windowMs !== undefined && { windowMs }),
})

/** `isOther`: of all values that have no line of their own; `value` is `OTHER` then. */
type BreakdownLine = {
  readonly value: Json
  readonly isOther?: true
  readonly n: number
  readonly funnel: ComparedFunnel
}

function breakdownOf(
  { by, choice, steps }: FunnelQuestion & { readonly steps: FunnelQuery['steps'] },
  compared: Compared,
  now: FunnelReading,
  before: FunnelReading | undefined,
): BreakdownLine[] {
  if (!by) return []
  const { groups, others } = groupsOf(now.slices, { by, choice, funnelSteps: steps.length })
  const earlier = before && groupsAs({ groups }, before.slices, { by, choice })
  const lineOf = (value: Json, paths: readonly TimedPath[], then: readonly TimedPath[] | undefined) => ({
    value,
    n: sessionsIn(paths),
    funnel: compared(paths, then),
  })
  return [
    ...[...groups].map(([name, paths]) =>
      lineOf(JSON.parse(name) as Json, paths, earlier && (earlier.groups.get(name) ?? [])),
    ),
    ...(others ? [{ ...lineOf(OTHER, others, earlier?.others), isOther: true as const }] : []),
  ]
}

type FunnelReading = { readonly slices: readonly Slice[]; readonly sample?: Sample }

async function read(reader: ReportContext, question: FunnelQuestion, period: Period): Promise<FunnelReading> {
  const { flow, version, choice, by, windowMs } = question
  const spans = by === 'weekday' ? byWeekday(period) : by === 'hour' ? byHour(period) : wholeOf(period)
  const query = { flow, version, spans }
  if (windowMs !== undefined) return scanSlices(reader, query)
  return { slices: await readSlices(reader, query, choice || typeof by === 'object' ? 'all' : 'paths') }
}

function compare(funnel: Funnel, before: Funnel | undefined): ComparedFunnel {
  if (!before) return funnel
  const { started, completion } = before
  return {
    ...funnel,
    steps: funnel.steps.map((step, index) => withBefore(step, before.steps[index])),
    previous: { started, completion, completionChange: changeOf(completion, funnel.completion) },
  }
}

function withBefore(step: FunnelStep, before: FunnelStep | undefined): ComparedStep {
  if (!before) return step
  const { reached, conversion, dropOff } = before
  const conversionChange = changeOf(conversion, step.conversion)
  const dropOffChange = changeOf(dropOff, step.dropOff)
  return { ...step, previous: { reached, conversion, dropOff, conversionChange, dropOffChange } }
}

const sessionsIn = (paths: readonly TimedPath[]): number =>
  total(paths.map((path) => path.completed + path.open + path.lost))
