/** @jsxImportSource preact */
// How long something took: how often each length occurred.

import { max, sum } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { along, FEW, percent, shareOf, whole } from '../numbers.ts'
import { ChartFrame, type ChartText } from './chart-frame.tsx'
import { MaybeLink } from './marks.tsx'
import { Plot } from './plot.tsx'
import { ticksOf } from './ticks.ts'

export type DistributionView = ChartText & {
  /** What is counted, such as `visits`. */
  readonly unit: string
  /** Next to each other, in order. They are drawn equally wide, whatever they span. */
  readonly bins: readonly Bin[]
  /** Such as the median. */
  readonly marks?: readonly QuantileMark[]
}

export type Bin = {
  readonly from: number
  /** Null: without an end, the last bin only. */
  readonly to: number | null
  readonly count: number
  /** Where it begins, in words: `5 s`. */
  readonly fromText: string
  readonly href?: string | undefined
}

/** `at` is in the unit of the bins. */
export type QuantileMark = { readonly label: string; readonly at: number; readonly text: string }

const HEIGHT = 150

export function Distribution({ chart }: { readonly chart: DistributionView }) {
  const { bins, marks = [], unit } = chart
  const total = sum(bins, ({ count }) => count)
  const y = scaleLinear([0, max(bins, ({ count }) => count) || 1], [HEIGHT, 0]).nice(3)
  const levels = y.ticks(3).filter(Number.isInteger)
  return (
    <ChartFrame
      chart={chart}
      tables={[
        {
          columns: ['Length', unit, 'Share'],
          rows: bins.map(({ count, href }, index) => [
            rangeOf(bins, index),
            { text: count, href },
            percent(shareOf(count, total)),
          ]),
        },
        {
          caption: `${chart.title}: quantiles`,
          columns: ['Quantile', 'Value'],
          rows: marks.map(({ label, text }) => [label, text]),
        },
      ].filter(({ rows }) => rows.length > 0)}
    >
      <Plot
        chart={chart}
        hasLinks={bins.some(({ href }) => href !== undefined)}
        top={10 + 16 * marks.length}
        height={HEIGHT}
        levels={levels.map((level) => ({ y: y(level), label: COMPACT.format(level) }))}
        ticks={ticksOf({ labels: bins.map(({ fromText }) => fromText), slots: bins.length, below: 'edges' })}
      >
        {bins.map(({ count, href }, index) => (
          <MaybeLink
            href={href}
            label={`${rangeOf(bins, index)}: ${whole(count)} ${unit}, ${percent(shareOf(count, total))}`}
          >
            <rect class="chart-slot" x={along(index / bins.length)} width={along(1 / bins.length)} height={HEIGHT} />
            <rect
              class={total < FEW ? 'chart-column is-few' : 'chart-column'}
              x={along((index + 0.04) / bins.length)}
              width={along(0.92 / bins.length)}
              y={y(count)}
              height={HEIGHT - y(count)}
            />
          </MaybeLink>
        ))}
        {marks.map((mark, lane) => (
          <Quantile mark={mark} place={placeOf(mark.at, bins)} y={-14 - 16 * (marks.length - 1 - lane)} />
        ))}
      </Plot>
    </ChartFrame>
  )
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact' })

type QuantileProps = { readonly mark: QuantileMark; readonly place: number; readonly y: number }

/** Each has a row of its own, so that labels never meet; a label stands on the side that has more room. */
const Quantile = ({ mark, place, y }: QuantileProps) => (
  <svg class="chart-quantile" x={along(place)} aria-hidden="true">
    <line y1={y} y2={HEIGHT} />
    <text x={place < 0.5 ? 5 : -5} y={y + 9} text-anchor={place < 0.5 ? 'start' : 'end'}>
      {`${mark.label} ${mark.text}`}
    </text>
  </svg>
)

/** As a share of the width: within its bin at even steps. In a bin without an end: at its middle. */
function placeOf(at: number, bins: readonly Bin[]): number {
  const index = Math.max(
    0,
    bins.findLastIndex(({ from }) => from <= at),
  )
  const bin = bins[index]
  if (!bin) return 0
  const within = bin.to === null ? 0.5 : Math.min(1, Math.max(0, (at - bin.from) / (bin.to - bin.from)))
  return (index + within) / bins.length
}

function rangeOf(bins: readonly Bin[], index: number): string {
  const next = bins[index + 1]
  const from = bins[index]?.fromText ?? ''
  return next ? `${from} to ${next.fromText}` : `${from} or more`
}
