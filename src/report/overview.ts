// All flows side by side: one line for each.

import { overviewOf } from '../insight/overview.ts'
import { daysFrom } from '../lib/days.ts'
import { type ReportContext, settledUntil, titlesOf } from './context.ts'
import { allFlowsReport } from './flow-report.ts'
import { byDay, dayIn } from './labelled-spans.ts'
import { type Period, periodBefore } from './period.ts'
import type { OverviewLine } from './shapes.ts'
import { readSlices } from './slices.ts'

export const overviewReport = allFlowsReport(lineOf, periodBefore)

async function lineOf(context: ReportContext, flow: string, period: Period): Promise<OverviewLine> {
  const { flows } = context
  const before = periodBefore(period)
  const spans = byDay({ ...period, from: before.from, startsAt: before.startsAt })
  const slices = await readSlices(context, { flow, spans }, false)
  const settled = settledUntil(context)
  const found = slices.map(({ label, version, paths }) => ({ day: dayIn(label), version, paths }))
  return {
    flow,
    isConfigured: flows.has(flow),
    titles: titlesOf(context, flow),
    ...overviewOf(found, {
      days: byDay(period).map(({ label, until }) => ({ day: dayIn(label), isSettled: until <= settled })),
      daysBefore: daysFrom(before.from, before.until),
      steps: flows.get(flow)?.funnel ?? [],
    }),
  }
}
