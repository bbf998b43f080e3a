// All flows side by side: one line for each.

import { overviewOf } from '../insight/overview.ts'
import { daysFrom } from '../lib/days.ts'
import { flowKeysOf, type ReportContext, settledUntil, titlesOf } from './context.ts'
import { byDay, dayIn } from './labelled-spans.ts'
import { type Days, type Period, periodBefore, periodOf } from './period.ts'
import { removedBefore } from './removed.ts'
import { reported } from './result.ts'
import type { OverviewLine } from './shapes.ts'
import { readSlices } from './slices.ts'

export async function overviewReport(context: ReportContext, days: Days) {
  const result = periodOf(days, context.timezone, context.now)
  if (!result.ok) return result
  const period = result.report
  const keys = await flowKeysOf(context)
  const removed = await removedBefore(context, periodBefore(period))
  return reported({ period, ...removed, flows: await Promise.all(keys.map((flow) => lineOf(context, flow, period))) })
}

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
