/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { whole } from '../numbers.ts'
import { Card, withNote } from './card.tsx'
import { Table } from './table.tsx'
import { type LocalTime, Time } from './time.tsx'

export type ExportView = {
  readonly startedAt: LocalTime
  readonly who: string
  /** Such as `sessions, csv`. */
  readonly what: string
  readonly filters: string
  readonly rows: number
  readonly size: string
  readonly outcome: 'under way' | 'broken off' | 'whole'
  readonly sha256?: string
}

/** Newest first. */
export function Exports({ exports }: { readonly exports: readonly ExportView[] }): JSX.Element {
  return (
    <Card id="exports" heading={withNote('Exports', 'the last ten; the audit log has all')}>
      {exports.length === 0 ? (
        <p class="card-body">Nothing has been exported yet.</p>
      ) : (
        <Table caption="Exports, newest first" columns={COLUMNS} isListOnPhone>
          {exports.map(({ startedAt, who, what, filters, rows, size, outcome, sha256 }) => (
            <tr>
              <th scope="row">
                <Time time={startedAt} />
              </th>
              <td>{who}</td>
              <td>
                <div>
                  {what}
                  <div class="job-does">{filters}</div>
                </div>
              </td>
              <td class="number">{whole(rows)}</td>
              <td class="number">{size}</td>
              <td>
                <div>
                  <span class={outcome === 'broken off' ? 'is-bad' : ''}>{outcome}</span>
                  {sha256 !== undefined && <code class="checksum">{sha256}</code>}
                </div>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  )
}

const COLUMNS = [
  'When',
  'Who',
  'What',
  { label: 'Rows', class: 'number' },
  { label: 'Size', class: 'number' },
  'Outcome, and SHA-256',
]
