/** @jsxImportSource preact */
// Versions and notes in a chart by day: numbered flags, which a list below the chart explains.

import { along } from '../numbers.ts'
import { NARROW } from './ticks.ts'

export type LineMark = {
  /** Of the day's point. */
  readonly index: number
  readonly text: string
  readonly href?: string | undefined
}

/** For each mark the row of its flag, such that flags do not overlap, on a phone either. */
type Lanes = { readonly laneOf: readonly number[]; readonly count: number }

export function lanesOf(marks: readonly LineMark[], days: number): Lanes {
  const ends: number[] = []
  const laneOf = marks.map(({ index }) => {
    const place = (NARROW * (index + 0.5)) / days
    const free = ends.findIndex((end) => end <= place - FLAG.width / 2)
    const lane = free < 0 ? ends.length : free
    ends[lane] = place + FLAG.width / 2 + 1
    return lane
  })
  return { laneOf, count: ends.length }
}

const FLAG = { width: 18, height: 15 } as const

type LineMarksProps = {
  readonly marks: readonly LineMark[]
  readonly lanes: Lanes
  readonly days: number
  /** Of the plot, pixels. */
  readonly height: number
}

/** The list says what each flag means, so they are not read out here. */
export const LineMarks = ({ marks, lanes, days, height }: LineMarksProps) => (
  <svg aria-hidden="true">
    {marks.map(({ index, text }, number) => (
      <svg
        class="chart-flag"
        aria-hidden="true"
        x={along((index + 0.5) / days)}
        y={-4 - 18 * (1 + (lanes.laneOf[number] ?? 0))}
      >
        <title>{text}</title>
        <line y1={FLAG.height} y2={height + 4 + 18 * (1 + (lanes.laneOf[number] ?? 0))} />
        <rect x={-FLAG.width / 2} width={FLAG.width} height={FLAG.height} rx="3" />
        <text y="11.5" text-anchor="middle">
          {number + 1}
        </text>
      </svg>
    ))}
  </svg>
)
