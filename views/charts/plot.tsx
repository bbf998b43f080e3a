/** @jsxImportSource preact */
// The axes of a chart, with a grid.

import type { ComponentChildren } from 'preact'
import { along } from '../numbers.ts'
import { type ChartText, Drawing } from './chart-frame.tsx'
import type { Tick } from './ticks.ts'

type PlotProps = {
  readonly chart: ChartText
  readonly hasLinks: boolean
  /** Pixels kept free above the plot, for marks. */
  readonly top: number
  /** Of the plot alone, pixels. */
  readonly height: number
  /** `y`: pixels from the top of the plot. */
  readonly levels: readonly { readonly y: number; readonly label: string }[]
  readonly ticks: readonly Tick[]
  /** What is drawn over the grid; its vertical places count from the top of the plot. */
  readonly children: ComponentChildren
}

export function Plot({ chart, hasLinks, top, height, levels, ticks, children }: PlotProps) {
  const total = top + height + AXIS_HEIGHT
  return (
    <div class="plot">
      <svg class="plot-levels" width="44" height={total} aria-hidden="true" focusable="false">
        {levels.map(({ y, label }) => (
          <text class="chart-tick" x="38" y={top + y} dy="0.32em" text-anchor="end">
            {label}
          </text>
        ))}
      </svg>
      <Drawing chart={chart} class="plot-drawing" height={total} hasLinks={hasLinks}>
        <g transform={`translate(0 ${top})`}>
          {levels.map(({ y }) => (
            <line class="chart-grid" x2="100%" y1={y} y2={y} />
          ))}
          <TickLabels ticks={ticks} y={height + 17} />
          {children}
        </g>
      </Drawing>
    </div>
  )
}

const AXIS_HEIGHT = 24

type TickLabelsProps = { readonly ticks: readonly Tick[]; readonly y: number }

export const TickLabels = ({ ticks, y }: TickLabelsProps) => (
  <svg aria-hidden="true">
    {ticks.map(({ label, place, isWideOnly }) => (
      <text class={isWideOnly ? 'chart-tick wide-tick' : 'chart-tick'} x={along(place)} y={y} text-anchor="middle">
        {label}
      </text>
    ))}
  </svg>
)
