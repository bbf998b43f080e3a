/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { type LinkedNumber, NumberOf, pointsText, RateText, type RateView, showShare } from './rate.tsx'
import { Table } from './table.tsx'

export type FunnelRow = {
  /** From 1. */
  readonly step: number
  /** `CONFIRM or EMERGENCY` */
  readonly name: string
  readonly href: string
  readonly reached: LinkedNumber
  /** Those that went on, of those that are decided; after the last step, those that completed. */
  readonly wentOn: RateView
  /** By how much that has changed, in points of a hundred; absent if chance explains it, or nothing is compared. */
  readonly change?: number
  readonly lost: RateView
  readonly open: LinkedNumber
  readonly completed: LinkedNumber
  /** How long people had it, at the median. */
  readonly time?: string
  readonly links: readonly { readonly label: string; readonly href: string }[]
}

export type FunnelView = { readonly started: number; readonly rows: readonly FunnelRow[] }

export function FunnelRows({ funnel }: { readonly funnel: FunnelView }): JSX.Element {
  return (
    <Table caption="The funnel, step by step" columns={COLUMNS} class="funnel-table">
      {funnel.rows.map((row) => (
        <tr>
          <th scope="row">
            <span class="step-number">{row.step}</span> <a href={row.href}>{row.name}</a>
            <StepLinks row={row} />
          </th>
          <td class="number">
            <NumberOf {...row.reached} />
          </td>
          <td>
            <RateText rate={row.wentOn} />
            {row.change !== undefined && <Changed points={row.change} />}
          </td>
          <td>
            <RateText rate={row.lost} isShort />
          </td>
          <td class="number">
            <NumberOf {...row.open} />
          </td>
          <td class="number">
            <NumberOf {...row.completed} />
          </td>
          <td class="number wide-only">{row.time ?? ''}</td>
        </tr>
      ))}
    </Table>
  )
}

const COLUMNS = [
  'Step',
  { label: 'Reached', class: 'number' },
  'Went on, of those decided',
  'Lost here',
  { label: 'Open', class: 'number' },
  { label: 'Completed', class: 'number' },
  { label: 'Median time', class: 'number wide-only' },
]

const Changed = ({ points }: { readonly points: number }): JSX.Element => (
  <span class={points > 0 ? 'is-good' : 'is-bad'}>
    {' '}
    {points > 0 ? '▲' : '▼'} {pointsText(Math.abs(points))}
  </span>
)

const StepLinks = ({ row }: { readonly row: FunnelRow }): JSX.Element => (
  <details class="step-links">
    <summary aria-label={`More about ${row.name}`}>…</summary>
    <ul>
      {row.links.map(({ label, href }) => (
        <li>
          <a href={href}>{label}</a>
        </li>
      ))}
    </ul>
  </details>
)

export const shareText = ({ share }: RateView): string => (share === null ? '' : showShare(share))
