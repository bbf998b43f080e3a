/** @jsxImportSource preact */
// A share by day, with its interval.

import { max } from 'd3-array'
import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import { along, FEW, percent, whole } from '../numbers.ts'
import { ChartFrame, type ChartTable, type ChartText } from './chart-frame.tsx'
import { type LineMark, LineMarks, lanesOf } from './line-marks.tsx'
import { MaybeLink } from './marks.tsx'
import { Plot } from './plot.tsx'
import { ticksOf } from './ticks.ts'

export type LineView = ChartText & {
  /** What `n` counts, such as `decided sessions`. */
  readonly unit: string
  readonly points: readonly LinePoint[]
  /** Versions, notes: what may explain a change. */
  readonly marks?: readonly LineMark[]
  /** The axis ends at 100 %; otherwise just above what there is. */
  readonly isFullScale?: true
}

export type LinePoint = {
  /** Of the day, such as `3 Nov`. */
  readonly label: string
  /** `share`, and the interval from `low` to `high`, are from 0 to 1. Null: nothing was decided. */
  readonly share: number | null
  readonly low: number
  readonly high: number
  readonly n: number
  /** The day is not over. */
  readonly isPartial?: boolean
  readonly href?: string | undefined
}

const HEIGHT = 190

export function LineChart({ chart }: { readonly chart: LineView }) {
  const { points, marks = [] } = chart
  const lanes = lanesOf(marks, points.length)
  const y = scaleOf(chart)
  const levels = y.ticks(4)
  const format = y.tickFormat(4, '%')
  return (
    <ChartFrame chart={chart} tables={[tableOf(chart)]}>
      <Plot
        chart={chart}
        hasLinks={points.some(({ href }) => href !== undefined)}
        top={10 + lanes.count * 18}
        height={HEIGHT}
        levels={levels.map((level) => ({ y: y(level), label: format(level) }))}
        ticks={ticksOf({ labels: points.map(({ label }) => label), slots: points.length, below: 'slots', rhythm: 7 })}
      >
        <Curves points={points} y={y} />
        <LineMarks marks={marks} lanes={lanes} days={points.length} height={HEIGHT} />
        {points.map((point, index) => (
          <Day chart={chart} point={point} index={index} y={y} />
        ))}
      </Plot>
      <p class="chart-note mt-1">{keyOf(chart)}</p>
      {marks.length > 0 && (
        <ol class="chart-flags chart-text">
          {marks.map(({ index, text, href }) => (
            <li>
              <span class="text-secondary">{points[index]?.label}</span>{' '}
              {href === undefined ? text : <a href={href}>{text}</a>}
            </li>
          ))}
        </ol>
      )}
    </ChartFrame>
  )
}

type Scale = ScaleLinear<number, number>

/** Days with few sessions have intervals so wide that they would flatten the others: only their share has to be in it. */
function scaleOf({ points, isFullScale }: LineView): Scale {
  const highest = max(points, ({ share, high, n }) => (share === null ? 0 : n < FEW ? share : high)) ?? 0
  const end = isFullScale || highest === 0 ? 1 : highest
  const scale = scaleLinear([0, end], [HEIGHT, 0]).nice(4)
  return scale.domain([0, Math.min(1, scale.domain()[1] ?? 1)]).clamp(true)
}

type CurvesProps = { readonly points: readonly LinePoint[]; readonly y: Scale }

/** Stretched to the width of the page; strokes keep their width. */
function Curves({ points, y }: CurvesProps) {
  const places = points.map((point, index) => ({
    x: (1000 * (index + 0.5)) / points.length,
    y: y(point.share ?? 0),
    low: y(point.low),
    high: y(point.high),
    isOnCurve: isOnCurve(point),
    isUnfinished: point.share !== null && point.isPartial === true && isOnCurve(points[index - 1]),
  }))
  type Place = (typeof places)[number]
  const curve = line<Place>(
    (place) => place.x,
    (place) => place.y,
  )
  const band = area<Place>(
    ({ x }) => x,
    ({ low }) => low,
    ({ high }) => high,
  )
  const last = places.findIndex(({ isUnfinished }) => isUnfinished)
  return (
    <svg
      class="curves"
      width="100%"
      height={HEIGHT}
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="curve-band" d={band.defined((place) => place.isOnCurve)(places) ?? ''} />
      <path class="curve curve-unfinished" d={(last > 0 && curve(places.slice(last - 1, last + 1))) || ''} />
      <path class="curve" d={curve.defined((place) => place.isOnCurve)(places) ?? ''} />
    </svg>
  )
}

const isOnCurve = (point: LinePoint | undefined): boolean =>
  point !== undefined && point.share !== null && !point.isPartial

type DayProps = {
  readonly chart: LineView
  readonly point: LinePoint
  readonly index: number
  readonly y: Scale
}

/** The whole column of a day can be pointed at. A day beside the band has an interval of its own. */
function Day({ chart: { points, unit }, point, index, y }: DayProps) {
  const { share, low, high, n, isPartial, href } = point
  const middle = along((index + 0.5) / points.length)
  const isInBand = isOnCurve(point) && (isOnCurve(points[index - 1]) || isOnCurve(points[index + 1]))
  return (
    <MaybeLink href={href} label={`${point.label}: ${textOf(point, unit)}`}>
      <rect class="chart-slot" x={along(index / points.length)} width={along(1 / points.length)} height={HEIGHT} />
      {share !== null && !isInBand && <line class="curve-interval" x1={middle} x2={middle} y1={y(low)} y2={y(high)} />}
      {share !== null && (
        <circle
          class={`curve-dot${n < FEW ? ' is-few' : ''}${isPartial ? ' is-partial' : ''}`}
          cx={middle}
          cy={y(share)}
          r={n < FEW ? 3 : 2.5}
        />
      )}
    </MaybeLink>
  )
}

const keyOf = ({ points, unit }: LineView): string =>
  [
    'shaded: 95% interval',
    ...(points.some(({ n, share }) => share !== null && n < FEW) ? [`grey: fewer than ${FEW} ${unit}`] : []),
    ...(points.some(({ isPartial }) => isPartial) ? ['dashed: some sessions of the day are still open'] : []),
  ].join(' · ')

const textOf = ({ share, low, high, n, isPartial }: LinePoint, unit: string): string =>
  share === null
    ? `no ${unit}`
    : `${percent(share)} (${percent(low)} to ${percent(high)}) of ${whole(n)} ${unit}${isPartial ? ', day not over' : ''}`

const tableOf = ({ points, unit }: LineView): ChartTable => ({
  columns: ['Day', 'Share', 'Interval', unit],
  rows: points.map(({ label, share, low, high, n, isPartial, href }) => [
    { text: isPartial ? `${label}, not over` : label, href },
    share === null ? '–' : percent(share),
    share === null ? '–' : `${percent(low)} to ${percent(high)}`,
    n,
  ]),
})
