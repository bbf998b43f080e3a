/** @jsxImportSource preact */
// The steps of a funnel from top to bottom: how many reached each, and what became of them.

import type { ComponentChildren } from 'preact'
import { along, FEW, percent, shareOf, whole } from '../numbers.ts'
import { StepName, type StepNameView, stepText } from '../parts/screen-name.tsx'
import { ChartFrame, type ChartTable, type ChartText } from './chart-frame.tsx'
import { LEGEND_OF_ENDINGS, Legend, Segments, segmentsOf } from './marks.tsx'

export type BarRowsView = ChartText & {
  /** What a full bar is, such as `1,204 sessions that reached the first step`. */
  readonly base: string
  readonly rows: readonly BarRow[]
  /** The names of the cells of each row. */
  readonly columns: readonly string[]
}

/** Sessions that reached a step, by what became of them there: together the bar. The first row is the base of all. */
export type BarRow = Counts & {
  readonly label: StepNameView
  /** The addresses of the sessions that each part of the bar counts. */
  readonly hrefs?: { readonly [part in keyof Counts]?: string | undefined }
  /** The interval of the share that went on, or completed, among those that are not open; from 0 to 1. */
  readonly interval?: { readonly low: number; readonly high: number }
  /** The share of the base that reached the step in the period before, from 0 to 1. */
  readonly previous?: number
  /** The numbers beside the bar, by the columns of the chart. */
  readonly cells: readonly ComponentChildren[]
}

type Counts = { readonly wentOn: number; readonly completed: number; readonly open: number; readonly lost: number }

export function BarRows({ chart }: { readonly chart: BarRowsView }) {
  const { rows, columns, base } = chart
  const total = rows[0] ? reachedOf(rows[0]) : 0
  return (
    <ChartFrame chart={chart} tables={[tableOf(rows)]}>
      <div class="funnel">
        <div class="funnel-row funnel-head" aria-hidden="true">
          <span />
          <span>{`100% = ${base}`}</span>
          {columns.map((column) => (
            <span class="funnel-cell">{column}</span>
          ))}
        </div>
        <ol class="funnel-rows list-unstyled m-0">
          {rows.map((row, index) => (
            <li class="funnel-row">
              <span class="funnel-label">
                <StepName of={row.label} />
              </span>
              <Bar id={`${chart.id}-row-${index}`} row={row} total={total} />
              {row.cells.map((cell, column) => (
                <span class="funnel-cell">
                  <span class="funnel-cell-name">{columns[column]} </span>
                  {cell}
                </span>
              ))}
            </li>
          ))}
        </ol>
      </div>
      <Legend items={LEGEND_OF_ENDINGS}>
        {rows.some(({ interval }) => interval) && (
          <li>
            <svg class="drawing" width="18" height="12" viewBox="0 10 18 12" aria-hidden="true">
              <Whisker low={0} high={1} />
            </svg>
            95% interval of the share that went on or completed
          </li>
        )}
        {rows.some(({ previous }) => previous !== undefined) && (
          <li>
            <svg class="drawing" width="8" height="18" viewBox="0 0 14 32" aria-hidden="true">
              <Ghost place={0.5} />
            </svg>
            reached in the period before
          </li>
        )}
        {rows.some((row) => isFew(row) && reachedOf(row) > 0) && <li>{`grey: fewer than ${FEW} decided`}</li>}
      </Legend>
    </ChartFrame>
  )
}

const isFew = (row: BarRow): boolean => reachedOf(row) - row.open < FEW

const reachedOf = ({ wentOn, completed, open, lost }: Counts): number => wentOn + completed + open + lost

const BAR = { y: 7, height: 18 } as const
const HEIGHT = BAR.height + 2 * BAR.y
const MIDDLE = HEIGHT / 2

type BarProps = { readonly id: string; readonly row: BarRow; readonly total: number }

function Bar({ id, row, total }: BarProps) {
  const { hrefs = {}, interval, previous } = row
  const reached = reachedOf(row)
  const decided = reached - row.open
  const segments = segmentsOf(
    PARTS.map(({ part, tone, label }) => ({
      tone,
      count: row[part],
      label: `${whole(row[part])} ${label}, ${percent(shareOf(row[part], reached))} of this step`,
      href: hrefs[part],
    })),
    total,
  )
  return (
    <svg
      class={`drawing funnel-bar${isFew(row) ? ' is-few' : ''}`}
      width="100%"
      height={HEIGHT}
      role={segments.some(({ href }) => href !== undefined) ? 'group' : 'img'}
      aria-labelledby={id}
    >
      <title
        id={id}
      >{`${stepText(row.label)}: ${whole(reached)} reached it. ${segments.map(({ label }) => label).join('; ')}`}</title>
      {[0, 0.25, 0.5, 0.75, 1].map((quarter) => (
        <line class="chart-grid" x1={along(quarter)} x2={along(quarter)} y2={HEIGHT} />
      ))}
      <Segments segments={segments} {...BAR} />
      {interval && decided > 0 && (
        <Whisker low={(interval.low * decided) / total} high={(interval.high * decided) / total} />
      )}
      {previous !== undefined && (
        <g>
          <title>{`in the period before: ${percent(previous)} of the base`}</title>
          <Ghost place={previous} />
        </g>
      )}
    </svg>
  )
}

/** What becomes of those who reach a step or a screen. */
export const PARTS = [
  { part: 'wentOn', tone: 'went-on', label: 'went on' },
  { part: 'completed', tone: 'completed', label: 'completed' },
  { part: 'open', tone: 'open', label: 'open' },
  { part: 'lost', tone: 'lost', label: 'lost' },
] as const

type WhiskerProps = { readonly low: number; readonly high: number }

/** Twice: a light line below a dark one can be seen on every ground. */
const Whisker = ({ low, high }: WhiskerProps) => (
  <>
    {(['funnel-whisker-ground', 'funnel-whisker'] as const).map((name) => (
      <g class={name}>
        <line x1={along(low)} x2={along(high)} y1={MIDDLE} y2={MIDDLE} />
        {[low, high].map((end) => (
          <line x1={along(end)} x2={along(end)} y1={MIDDLE - 4} y2={MIDDLE + 4} />
        ))}
      </g>
    ))}
  </>
)

const Ghost = ({ place }: { readonly place: number }) => (
  <svg class="funnel-ghost" x={along(place)} aria-hidden="true">
    <line y1={2} y2={HEIGHT - 2} />
    <path d="M-3.5 2h7L0 7z" />
  </svg>
)

const tableOf = (rows: readonly BarRow[]): ChartTable => ({
  columns: ['Step', 'Reached', 'Went on', 'Completed', 'Open', 'Lost', 'Interval', 'Reached before'],
  rows: rows.map(({ label, hrefs = {}, interval, previous, ...row }) => [
    stepText(label),
    reachedOf(row),
    ...PARTS.map(({ part }) => ({ text: row[part], href: hrefs[part] })),
    interval ? `${percent(interval.low)} to ${percent(interval.high)}` : '–',
    previous === undefined ? '–' : percent(previous),
  ]),
})
