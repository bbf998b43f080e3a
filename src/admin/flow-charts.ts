// The charts of a flow: from reports to what the charts draw.

import type { BarRow, BarRowsView } from '../../views/charts/bar-row.tsx'
import type { DistributionView } from '../../views/charts/distribution.tsx'
import type { LineView } from '../../views/charts/line.tsx'
import type { ScreenMapView } from '../../views/charts/screen-map/view.ts'
import { whole } from '../../views/numbers.ts'
import { foldRareLinks } from '../insight/rare-links.ts'
import { showDuration } from '../lib/units.ts'
import type { SessionLink } from '../query/session-parameters.ts'
import type { ReportOf } from '../report/reports.ts'
import { OTHER } from '../rollup/limits.ts'
import { shortDay } from './page-question.ts'
import type { ScreenNames } from './screen-names.ts'

type Paths = Pick<ReportOf<'paths'>, 'places' | 'links'>
/** The address of the sessions that a number counts. */
type SessionsOf = (filter: SessionLink) => string

type MapQuestion = {
  readonly paths: Paths
  readonly names: ScreenNames
  /** The steps of the funnel. */
  readonly funnel: readonly (readonly string[])[]
  readonly screenHref: (screen: string) => string
  /** Absent where the paths are only a part: no list has those sessions. */
  readonly sessions?: SessionsOf
  readonly focus?: string | undefined
}

export function mapOf({ paths, names, funnel, screenHref, sessions, focus }: MapQuestion): ScreenMapView {
  const { places, links } = foldRareLinks(paths)
  return {
    id: 'map',
    title: 'The map of the flow',
    description:
      'The screens from left to right in the order of the funnel, with who went from one to another and where people ended.',
    isTitleHidden: true,
    screens: places.map(({ screen, entries, loops, exits, ...place }) => {
      const layer = funnel.findIndex((step) => step.includes(screen))
      const { completed, open, lost } = exits
      const ended = (ending: 'completed' | 'open' | 'lost') => sessions?.({ exit: screen, ending })
      return {
        id: screen,
        title: names(screen).name,
        ...(layer >= 0 && { layer }),
        visits: entries + place.in + loops,
        ...{ entries, loops, completed, open, lost },
        href: screen === OTHER ? undefined : screenHref(screen),
        hrefs: { completed: ended('completed'), open: ended('open'), lost: ended('lost') },
      }
    }),
    links: links.map(({ from, to, count }) => ({
      ...{ from, to, count },
      href: from === OTHER || to === OTHER ? undefined : sessions?.({ path: `${from},${to}` }),
    })),
    ...(focus !== undefined && { focus }),
  }
}

export function trendOf(
  { days }: Pick<ReportOf<'trend'>, 'days'>,
  {
    versions,
    dayHref,
  }: {
    readonly versions: readonly { readonly version: string; readonly day: string }[]
    readonly dayHref: (day: string) => string
  },
): LineView {
  const index = new Map(days.map(({ day }, at) => [day, at]))
  return {
    id: 'trend-chart',
    title: 'Completion by day',
    description:
      'The share of sessions that completed, of those that are decided, by the day they began, with the 95 % interval.',
    note: 'by the day sessions began; dashed while some of them are open',
    isTitleHidden: true,
    unit: 'decided sessions',
    points: days.map(({ day, isSettled, completion }) => ({
      label: shortDay(day),
      ...{ share: completion.share, low: completion.low, high: completion.high, n: completion.of },
      isPartial: !isSettled,
      ...(completion.of > 0 && { href: dayHref(day) }),
    })),
    marks: versions.flatMap(({ version, day }) => {
      const at = index.get(day)
      return at === undefined ? [] : [{ index: at, text: `version ${version}` }]
    }),
  }
}

export function timeToConvertOf({ ms, histogram }: ReportOf<'time-to-convert'>): DistributionView {
  const marks = [
    { label: 'median', at: ms.p50 },
    { label: 'p90', at: ms.p90 },
  ]
  return {
    id: 'convert-chart',
    title: 'Time to convert',
    description: 'How long people took from their first request to the one that completed.',
    isTitleHidden: true,
    unit: 'sessions',
    bins: histogram.map(({ underMs, count }, index) => {
      const from = histogram[index - 1]?.underMs ?? 0
      return { from, to: underMs ?? null, count, fromText: from === 0 ? '0' : showDuration(from) }
    }),
    marks: marks.flatMap(({ label, at }) => (at === undefined ? [] : [{ label, at, text: showDuration(at) }])),
  }
}

/** `hasTimes`: whether the cells of the rows end with a time. */
export const funnelChart = (started: number, rows: readonly BarRow[], hasTimes: boolean): BarRowsView => ({
  id: 'funnel-chart',
  title: 'Funnel',
  description: 'How many sessions reached each step, and what became of them there.',
  isTitleHidden: true,
  base: `${whole(started)} sessions that reached the first step`,
  columns: ['Went on', 'Lost here', 'Open', ...(hasTimes ? ['Median time'] : [])],
  rows,
})
