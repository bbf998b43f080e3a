/** @jsxImportSource preact */
// What all charts have around them: a name, a description, and their numbers as a table.

import type { ComponentChildren } from 'preact'
import { whole } from '../numbers.ts'
import { numeric, Table } from '../parts/table.tsx'
import { Scroll } from './scroll.tsx'

/** What each chart says in words. */
export type ChartText = {
  /** Unique on the page; also the anchor of the chart. */
  readonly id: string
  readonly title: string
  /** What the chart shows, in a sentence, for people who do not see it. */
  readonly description: string
  /** In small print below the title: the base, the period, a warning. */
  readonly note?: string
  /** The title is read out but not shown, as in a card that has the same heading. */
  readonly isTitleHidden?: true
}

export type ChartTable = {
  /** Where a chart has more than one table. */
  readonly caption?: string
  readonly columns: readonly string[]
  /** How many columns say what the numbers in the others are about: one, if absent. */
  readonly names?: number
  readonly rows: readonly (readonly Cell[])[]
}

type Cell = string | number | { readonly text: string | number; readonly href?: string | undefined }

type ChartFrameProps = {
  readonly chart: ChartText
  readonly tables: readonly ChartTable[]
  readonly children: ComponentChildren
}

export function ChartFrame({ chart, tables, children }: ChartFrameProps) {
  const { id, title, note, isTitleHidden } = chart
  return (
    <figure class="chart-frame" id={id} aria-labelledby={`${id}-name`}>
      <figcaption class={isTitleHidden && !note ? 'visually-hidden' : 'mb-2'}>
        <h3 class={isTitleHidden ? 'visually-hidden' : 'chart-name'} id={`${id}-name`}>
          {title}
        </h3>
        {note && <p class="chart-note">{note}</p>}
      </figcaption>
      {children}
      <details class="chart-numbers">
        <summary class="text-secondary">
          as a table<span class="visually-hidden">{`: ${title}`}</span>
        </summary>
        {tables.map((table) => (
          <Numbers table={table} title={title} />
        ))}
      </details>
    </figure>
  )
}

function Numbers({ table, title }: { readonly table: ChartTable; readonly title: string }) {
  const { columns, names = 1 } = table
  const caption = table.caption ?? title
  return (
    <Scroll class="chart-scroll" label={caption}>
      <Table
        caption={caption}
        class="chart-numbers-table"
        columns={columns.map((label, index) => (index < names ? label : numeric(label)))}
        names={names}
        rows={table.rows.map((cells) => cells.map(contentOf))}
      />
    </Scroll>
  )
}

function contentOf(cell: Cell): ComponentChildren {
  if (typeof cell === 'number') return whole(cell)
  if (typeof cell === 'string') return cell
  return cell.href === undefined ? contentOf(cell.text) : <a href={cell.href}>{contentOf(cell.text)}</a>
}

type DrawingProps = {
  readonly chart: Pick<ChartText, 'id' | 'title' | 'description'>
  readonly class?: string
  readonly width?: number | string
  readonly height: number
  readonly viewBox?: string
  /** Its marks are links, so that it is no single image. */
  readonly hasLinks: boolean
  readonly children: ComponentChildren
}

/** The SVG of a chart, with its name and description. Horizontal places in it are shares of the width, unless it has a view box. */
export const Drawing = ({ chart, class: name, width = '100%', height, viewBox, hasLinks, children }: DrawingProps) => (
  <svg
    class={`drawing ${name ?? ''}`.trim()}
    width={width}
    height={height}
    {...(viewBox && { viewBox })}
    role={hasLinks ? 'group' : 'img'}
    aria-labelledby={`${chart.id}-title`}
    aria-describedby={`${chart.id}-desc`}
  >
    <title id={`${chart.id}-title`}>{chart.title}</title>
    <desc id={`${chart.id}-desc`}>{chart.description}</desc>
    {children}
  </svg>
)
