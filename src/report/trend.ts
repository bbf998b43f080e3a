import { type Outcomes, outcomesOf } from '../insight/trend.ts'
import { unknownChoice, untoldChoice } from './known.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { type Reported, reported } from './reported.ts'
import { type ChoiceFilter, readSlices, waysOf } from './slices.ts'
import { byDay } from './spans.ts'

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

export async function trendReport(reader: Reader, question: TrendQuestion): Promise<Reported<TrendReport>> {
  const { flow, version, period, choice } = question
  const spans = byDay(period)
  const slices = await readSlices(reader, { flow, version, spans }, choice ? 'all' : 'ways')
  const problem = unknownChoice(reader, flow, slices, 'choice', choice?.field) ?? untoldChoice(slices, choice)
  if (problem) return problem
  const byLabel = Map.groupBy(slices, ({ label }) => label)
  return reported({
    total: outcomesOf(slices.flatMap((slice) => waysOf(slice, choice))),
    days: spans.map(({ label }) => ({
      day: JSON.parse(label) as string,
      ...outcomesOf((byLabel.get(label) ?? []).flatMap((slice) => waysOf(slice, choice))),
    })),
  })
}
