import { newVersionsIn, outcomesOf } from '../insight/trend.ts'
import { settledUntil } from './context.ts'
import { type FlowQuery, type FlowQuestion, flowReport } from './flow-report.ts'
import { byDay, dayIn } from './labelled-spans.ts'
import { reported } from './result.ts'
import { type ChoiceFilter, chosenPaths, readSlices } from './slices.ts'
import { choiceProblem } from './unknown-names.ts'

type TrendQuestion = FlowQuestion & { readonly choice?: ChoiceFilter | undefined }

export const trendReport = flowReport(async (context, { flow, version, period, choice }: FlowQuery<TrendQuestion>) => {
  const spans = byDay(period)
  const slices = await readSlices(context, { flow, version, spans }, choice !== undefined)
  const problem = choiceProblem(context, flow, slices, choice)
  if (problem) return problem
  const byLabel = Map.groupBy(slices, ({ label }) => label)
  const outcomesIn = (some: typeof slices) => outcomesOf(some.flatMap((slice) => chosenPaths(slice, choice)))
  return reported({
    total: outcomesIn(slices),
    /** Versions that began after the first one of the period, by their first day. */
    versions: newVersionsIn(
      slices.map(({ label, version }) => ({ day: dayIn(label), version })),
      period.from,
    ),
    /** By the day on which sessions began. */
    days: spans.map(({ label, until }) => ({
      day: dayIn(label),
      isSettled: until <= settledUntil(context),
      ...outcomesIn(byLabel.get(label) ?? []),
    })),
  })
})
