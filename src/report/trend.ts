import { type Outcomes, outcomesOf } from '../insight/trend.ts'
import type { ReportContext } from './context.ts'
import { byDay } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { type ReportResult, reported } from './result.ts'
import { type ChoiceFilter, chosenPaths, readSlices } from './slices.ts'
import { unknownChoice, untoldChoice } from './unknown-names.ts'

export type TrendQuestion = {
  readonly flow: string
  readonly period: Period
  readonly version?: string | undefined
  readonly choice?: ChoiceFilter | undefined
}

export type TrendReport = {
  readonly total: Outcomes
  /** Every day of the period, by the day that sessions began on. */
  readonly days: readonly (Outcomes & { readonly day: string })[]
}

export async function trendReport(reader: ReportContext, question: TrendQuestion): Promise<ReportResult<TrendReport>> {
  const { flow, version, period, choice } = question
  const spans = byDay(period)
  const slices = await readSlices(reader, { flow, version, spans }, choice ? 'all' : 'paths')
  const problem = unknownChoice(reader, flow, slices, 'choice', choice?.field) ?? untoldChoice(slices, choice)
  if (problem) return problem
  const byLabel = Map.groupBy(slices, ({ label }) => label)
  return reported({
    total: outcomesOf(slices.flatMap((slice) => chosenPaths(slice, choice))),
    days: spans.map(({ label }) => ({
      day: JSON.parse(label) as string,
      ...outcomesOf((byLabel.get(label) ?? []).flatMap((slice) => chosenPaths(slice, choice))),
    })),
  })
}
