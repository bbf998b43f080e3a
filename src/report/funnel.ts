// How far people get in a period: all of them, by what they have in common, and compared with the previous period.

import { sessionsIn } from '../insight/endings.ts'
import { type FunnelQuery, funnelOf, type TimedPath } from '../insight/funnel.ts'
import type { Funnel, FunnelStep } from '../insight/shapes.ts'
import { changeOf } from '../insight/trend.ts'
import type { Json } from '../lib/json.ts'
import { OTHER } from '../rollup/limits.ts'
import { type FunnelBy, groupsOf, sameGroupsOf } from './breakdown.ts'
import type { ReportContext } from './context.ts'
import { type FlowQuery, type FlowQuestion, flowReport } from './flow-report.ts'
import { byHour, byWeekday, wholeOf } from './labelled-spans.ts'
import { type Period, periodBefore } from './period.ts'
import { removedBefore, sessionsRemovedBefore } from './removed.ts'
import { badParameter, type ReportProblem, reported } from './result.ts'
import type { BreakdownLine, ComparedFunnel, ComparedStep, ScanSample } from './shapes.ts'
import { type ChoiceFilter, chosenPaths, type PathSlice, readSlices, scanSlices } from './slices.ts'
import { choiceProblem, unknownField, unknownScreen } from './unknown-names.ts'

/** `steps`: by default the funnel of the config. With `windowMs`, sessions are read one by one. */
export type FunnelQuestion = FlowQuestion &
  Omit<FunnelQuery, 'steps'> & {
    readonly steps?: FunnelQuery['steps'] | undefined
    readonly choice?: ChoiceFilter | undefined
    readonly by?: FunnelBy | undefined
    /** Compares with the period before. */
    readonly isCompared?: boolean | undefined
  }

export const funnelReport = flowReport(async (context, question: FlowQuery<FunnelQuestion>) => {
  const { flow, period, choice, by, isCompared } = question
  const steps = question.steps ?? context.flows.get(flow)?.funnel
  if (!steps) return badParameter('`steps` is missing; expected the steps, as the config has no such flow')
  if (choice && typeof by === 'object')
    return badParameter('`choice` and `by` are both about a choice; expected one of them')

  const now = await read(context, question, period)
  const before = isCompared ? await read(context, question, periodBefore(period)) : undefined
  const problem = await problemOf(context, { ...question, steps }, [...now.slices, ...(before?.slices ?? [])])
  if (problem) return problem

  const pathsOf = ({ slices }: FunnelReading) => slices.flatMap((slice) => chosenPaths(slice, choice))
  const comparedOf: ComparedOf = (paths, earlier) =>
    compare(funnelOf(paths, { ...question, steps }), earlier && funnelOf(earlier, { ...question, steps }))
  return reported({
    /** Sessions that the question is about, whether or not they reached the first step. */
    n: sessionsIn(pathsOf(now)),
    funnel: comparedOf(pathsOf(now), before && pathsOf(before)),
    ...(by && { breakdown: breakdownOf({ by, choice, funnelSteps: steps.length }, comparedOf, now, before) }),
    ...(now.sample && { sample: now.sample }),
    ...(await missingBefore(context, question)),
    ...(before && {
      previous: {
        period: periodBefore(period),
        n: sessionsIn(pathsOf(before)),
        ...(before.sample && { sample: before.sample }),
      },
    }),
  })
})

/** Questions that read sessions one by one leave out those that retention has removed. */
async function missingBefore(
  context: ReportContext,
  { flow, period, windowMs, isCompared }: FlowQuery<FunnelQuestion>,
): Promise<{ removedBefore?: number }> {
  const { startsAt } = isCompared ? periodBefore(period) : period
  if (windowMs === undefined) return removedBefore(context, { startsAt })
  return sessionsRemovedBefore(context, { startsAt, endsAt: period.endsAt }, flow)
}

type FunnelReading = { readonly slices: readonly PathSlice[]; readonly sample?: ScanSample }

/** The funnel of these paths, compared with the funnel of earlier ones. */
type ComparedOf = (paths: readonly TimedPath[], earlier: readonly TimedPath[] | undefined) => ComparedFunnel

async function read(context: ReportContext, question: FunnelQuestion, period: Period): Promise<FunnelReading> {
  const { flow, version, choice, by, windowMs } = question
  const spans = by === 'weekday' ? byWeekday(period) : by === 'hour' ? byHour(period) : wholeOf(period)
  const query = { flow, version, spans }
  if (windowMs !== undefined) return scanSlices(context, query)
  return { slices: await readSlices(context, query, choice !== undefined || typeof by === 'object') }
}

async function problemOf(
  context: ReportContext,
  { flow, steps = [], exclude = [], choice, by }: FunnelQuestion,
  slices: readonly PathSlice[],
): Promise<ReportProblem | undefined> {
  return (
    (await unknownScreen(context, flow, slices, 'steps', steps.flat())) ??
    (await unknownScreen(context, flow, slices, 'exclude', exclude)) ??
    choiceProblem(context, flow, slices, choice) ??
    unknownField(context, flow, slices, 'by', typeof by === 'object' ? by.choice : undefined)
  )
}

function breakdownOf(
  query: Parameters<typeof groupsOf>[1],
  comparedOf: ComparedOf,
  now: FunnelReading,
  before: FunnelReading | undefined,
): BreakdownLine[] {
  const { groups, others, unchosen } = groupsOf(now.slices, query)
  const earlier = before && sameGroupsOf({ groups }, before.slices, query)
  const lineOf = (value: Json, paths: readonly TimedPath[], then: readonly TimedPath[] | undefined): BreakdownLine => ({
    value,
    n: sessionsIn(paths),
    funnel: comparedOf(paths, then),
  })
  return [
    ...[...groups].map(([name, paths]) =>
      lineOf(JSON.parse(name) as Json, paths, earlier && (earlier.groups.get(name) ?? [])),
    ),
    ...(others ? [{ ...lineOf(OTHER, others, earlier?.others), isOther: true as const }] : []),
    ...(unchosen ? [{ ...lineOf(null, unchosen, earlier?.unchosen), isUnchosen: true as const }] : []),
  ]
}

function compare(funnel: Funnel, before: Funnel | undefined): ComparedFunnel {
  if (!before) return funnel
  const { started, completion } = before
  return {
    ...funnel,
    steps: funnel.steps.map((step, index) => compareStep(step, before.steps[index])),
    previous: { started, completion, completionChange: changeOf(completion, funnel.completion) },
  }
}

function compareStep(step: FunnelStep, before: FunnelStep | undefined): ComparedStep {
  if (!before) return step
  const { reached, conversion, dropOff } = before
  const conversionChange = changeOf(conversion, step.conversion)
  const dropOffChange = changeOf(dropOff, step.dropOff)
  return { ...step, previous: { reached, conversion, dropOff, conversionChange, dropOffChange } }
}
