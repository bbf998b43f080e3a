import type { AskReport } from '../report/reports.ts'

/**
 * Asks what people ask first after a start, so that they find it in memory: how all flows do in the days that a question is about by
 * default, then how each of them does now, and what costs it completions, the largest first. Stops when somebody asks.
 */
export async function warmUp(ask: AskReport, now: number, hasAsked: () => boolean): Promise<void> {
  const overview = await ask('overview', {}, now)
  if (!overview.ok) return
  const used = overview.report.flows.filter(({ sessions }) => sessions > 0)
  for (const { flow } of used.sort((a, b) => b.sessions - a.sessions)) {
    if (hasAsked()) return
    await Promise.all([ask('health', { flow, points: 1 }, now), ask('drivers', { flow }, now)])
  }
}
