// One flow in a few numbers: how many complete, whether that has changed, and where most are lost.

import type { Rate } from '../stats/shapes.ts'
import { funnelOf, type TimedPath } from './funnel.ts'
import type { Change, FunnelStep, Outcomes } from './shapes.ts'
import { changeOf, newVersionsIn, outcomesOf, type VersionOfDay } from './trend.ts'

/** The sessions that began on one day in one version. */
export type DayOfVersion = VersionOfDay & { readonly paths: readonly TimedPath[] }

export type FlowOverview = Outcomes & {
  /** By day, with and without sessions. */
  readonly days: readonly (Outcomes & { readonly day: string })[]
  /** Of the days on which nobody can be open any more, against as many days before the period. */
  readonly change: Change & { readonly now: Rate; readonly before: Rate }
  /** The step of the funnel that most were lost on; absent if nobody was lost in the funnel. */
  readonly worst?: FunnelStep & { readonly step: number }
  /** Versions that began within the period, by their first day. */
  readonly newVersions: readonly VersionOfDay[]
}

export type OverviewQuery = {
  /** In their order. `isSettled`: nobody who began then can be open any more. */
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
  const worst = worstOf(funnelOf(paths, { steps }).steps)
  return {
    ...outcomesOf(paths),
    days: days.map(({ day }) => ({ day, ...outcomesOf(pathsOn([day])) })),
    change: { now, before, ...changeOf(before, now) },
    ...(worst && { worst }),
    newVersions: newVersionsIn(found, days[0]?.day ?? ''),
  }
}

function worstOf(steps: readonly FunnelStep[]): FlowOverview['worst'] {
  const ranked = steps.map((step, index) => ({ ...step, step: index + 1 })).sort((a, b) => b.lost - a.lost)
  return ranked[0] && ranked[0].lost > 0 ? ranked[0] : undefined
}
