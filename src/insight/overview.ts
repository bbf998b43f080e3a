// One flow in a few numbers: how many complete, whether that has changed, and where most are lost.

import { funnelOf, type TimedPath, worstStepOf } from './funnel.ts'
import type { FlowOverview, VersionOfDay } from './shapes.ts'
import { changeOf, newVersionsIn, outcomesOf } from './trend.ts'

/** The sessions that began on one day in one version. */
export type DayOfVersion = VersionOfDay & { readonly paths: readonly TimedPath[] }

export type OverviewQuery = {
  /** In their order. `isSettled`: it ended so long ago that who has done nothing since counts as lost. */
  readonly days: readonly { readonly day: string; readonly isSettled: boolean }[]
  /** As many, right before. */
  readonly daysBefore: readonly string[]
  readonly steps: readonly (readonly string[])[]
}

export function overviewOf(found: readonly DayOfVersion[], { days, daysBefore, steps }: OverviewQuery): FlowOverview {
  const byDay = Map.groupBy(found, ({ day }) => day)
  const pathsOn = (some: readonly string[]) =>
    some.flatMap((day) => (byDay.get(day) ?? []).flatMap(({ paths }) => [...paths]))
  const settled = days.filter(({ isSettled }) => isSettled)
  const [now, before] = [
    outcomesOf(pathsOn(settled.map(({ day }) => day))).completion,
    outcomesOf(pathsOn(daysBefore.slice(0, settled.length))).completion,
  ]
  const paths = pathsOn(days.map(({ day }) => day))
  const worst = worstStepOf(funnelOf(paths, { steps }).steps)
  return {
    ...outcomesOf(paths),
    days: days.map(({ day }) => ({ day, ...outcomesOf(pathsOn([day])) })),
    change: { now, before, ...changeOf(before, now) },
    ...(worst && { worst }),
    newVersions: newVersionsIn(found, days[0]?.day ?? ''),
  }
}
