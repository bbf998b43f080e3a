/** @jsxImportSource preact */
// The same hours or days for several series, one below the other.

import { max } from 'd3-array'
import { along, whole } from '../numbers.ts'
import { ChartFrame, type ChartText } from './chart-frame.tsx'
import { Legend, MaybeLink, toned } from './marks.tsx'
import { TickLabels } from './plot.tsx'
import { ticksOf } from './ticks.ts'

export type SmallMultiplesView = ChartText & {
  /** Names the column of the slots in the table: `Hour`. */
  readonly slotName: string
  /** The label of each slot, such as `14:00`. Each series has a bar for each. */
  readonly slots: readonly string[]
  /** Where not every slot can have a label, they stand at multiples of this, such as 6 hours. */
  readonly rhythm?: number
  readonly series: readonly Series[]
  /** One scale for all; otherwise each row has its own, up to its largest value. */
  readonly hasSharedScale?: true
}

export type Series = {
  readonly label: string
  readonly href?: string | undefined
  /** Such as the total: at the end of the row. */
  readonly text: string
  readonly bars: readonly SeriesBar[]
  /** Its bars count what went wrong. */
  readonly isBad?: true
  /** Lines across, such as a limit that must not be crossed. */
  readonly limits?: readonly { readonly value: number; readonly label: string }[]
}

export type SeriesBar = {
  /** Null: not known. */
  readonly value: number | null
  /** The value as people read it; without it the number itself. */
  readonly text?: string
  /** So few requests that the value says little. */
  readonly isFew?: boolean
  readonly href?: string | undefined
}

const HEIGHT = 40

export function SmallMultiples({ chart }: { readonly chart: SmallMultiplesView }) {
  const { slots, series, slotName, hasSharedScale, rhythm } = chart
  const highest = max(series, topOf) || 1
  const isAnyUnknown = series.some(({ bars }) => bars.some(({ value }) => value === null))
  return (
    <ChartFrame
      chart={chart}
      tables={[
        {
          columns: [slotName, ...series.map(({ label }) => label)],
          rows: slots.map((slot, index) => [slot, ...series.map(({ bars }) => cellOf(bars[index]))]),
        },
      ]}
    >
      <ul class="list-unstyled m-0">
        {series.map((each, index) => (
          <li class="multiple">
            <span class="multiple-label">
              {each.href === undefined ? each.label : <a href={each.href}>{each.label}</a>}
            </span>
            <Bars
              id={`${chart.id}-${index}`}
              series={each}
              slots={slots}
              top={hasSharedScale ? highest : topOf(each) || 1}
            />
            <span class="multiple-text">{each.text}</span>
          </li>
        ))}
        <li class="multiple" aria-hidden="true">
          <svg class="drawing multiple-axis" width="100%" height="20" aria-hidden="true">
            <TickLabels ticks={ticksOf({ labels: slots, slots: slots.length, below: 'slots', rhythm })} y={14} />
          </svg>
        </li>
      </ul>
      {isAnyUnknown && <Legend items={[{ tone: 'unknown', label: 'not known' }]} />}
    </ChartFrame>
  )
}

const topOf = ({ bars, limits = [] }: Series): number =>
  Math.max(max(bars, ({ value }) => value ?? 0) ?? 0, max(limits, ({ value }) => value) ?? 0)

const cellOf = (bar: SeriesBar | undefined) => ({ text: bar ? textOf(bar) : '–', href: bar?.href })

const textOf = ({ value, text }: SeriesBar): string => (value === null ? 'not known' : (text ?? whole(value)))

type BarsProps = {
  readonly id: string
  readonly series: Series
  readonly slots: readonly string[]
  /** The value that is as high as the row. */
  readonly top: number
}

function Bars({ id, series, slots, top }: BarsProps) {
  const { bars, limits = [], label, text } = series
  const heightOf = (value: number) => ((HEIGHT - 3) * value) / top
  const gap = slots.length > MANY ? 0 : 0.1
  return (
    <svg
      class={`drawing multiple-bars${series.isBad ? ' is-bad' : ''}`}
      width="100%"
      height={HEIGHT}
      role={bars.some(({ href }) => href !== undefined) ? 'group' : 'img'}
      aria-labelledby={id}
    >
      <title id={id}>{`${label}: ${text}`}</title>
      <line class="chart-base" x2="100%" y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {bars.map((bar, index) => (
        <MaybeLink href={bar.href} label={`${slots[index]}: ${textOf(bar)}`}>
          <rect class="chart-slot" x={along(index / slots.length)} width={along(1 / slots.length)} height={HEIGHT} />
          {bar.value === null ? (
            <rect
              {...toned('unknown')}
              x={along(index / slots.length)}
              width={along(1 / slots.length)}
              height={HEIGHT}
            />
          ) : (
            <rect
              class={bar.isFew ? 'chart-column is-few' : 'chart-column'}
              x={along((index + gap) / slots.length)}
              width={along((1 - 2 * gap) / slots.length)}
              y={HEIGHT - heightOf(bar.value)}
              height={heightOf(bar.value)}
            />
          )}
        </MaybeLink>
      ))}
      {limits.map((limit) => (
        <g class="chart-limit">
          <line x2="100%" y1={HEIGHT - heightOf(limit.value)} y2={HEIGHT - heightOf(limit.value)} />
          <text x="2" y={HEIGHT - heightOf(limit.value) - 2}>
            {limit.label}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** With more slots, bars would be thinner than the gaps between them. */
const MANY = 60
