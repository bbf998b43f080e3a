// All flows side by side: one line for each.

import { overviewOf } from '../insight/overview.ts'
import { dayBounds, daysFrom } from '../lib/days.ts'
import type { ReportContext } from './context.ts'
import { byDay } from './labelled-spans.ts'
import { type Days, type Period, periodBefore, periodOf } from './period.ts'
import { reported } from './result.ts'
import { readSlices } from './slices.ts'

/** The flows of the config in its order, then the other flows that have sessions. */
export async function overviewReport(context: ReportContext, days: Days) {
  const result = periodOf(days, context.timezone, context.now)
  if (!result.ok) return result
  const period = result.report
  const keys = [...new Set([...context.flows.keys(), ...(await context.store.flows())])]
  return reported({ period, flows: await Promise.all(keys.map((flow) => lineOf(context, flow, period))) })
}

async function lineOf(context: ReportContext, flow: string, period: Period) {
  const { timezone, now, lostAfterMs, flows } = context
  const before = periodBefore(period)
  const spans = byDay({ ...period, from: before.from, startsAt: before.startsAt })
  const slices = await readSlices(context, { flow, spans }, false)
  const isSettled = (day: string) => (dayBounds(day, timezone)?.until ?? now) <= now - lostAfterMs
  const found = slices.map(({ label, version, paths }) => ({ day: JSON.parse(label) as string, version, paths }))
  return {
    flow,
    /** The config still has the flow. */
    isConfigured: flows.has(flow),
    ...overviewOf(found, {
      days: daysFrom(period.from, period.until).map((day) => ({ day, isSettled: isSettled(day) })),
      daysBefore: daysFrom(before.from, before.until),
      steps: flows.get(flow)?.funnel ?? [],
    }),
  }
}
