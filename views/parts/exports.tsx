/** @jsxImportSource preact */
import { whole } from '../numbers.ts'
import { Card, withNote } from './card.tsx'
import { numeric, Table } from './table.tsx'
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
export function Exports({ exports }: { readonly exports: readonly ExportView[] }) {
  return (
    <Card id="exports" heading={withNote('Exports', 'the last ten; the audit log has all')}>
      {exports.length === 0 ? (
        <p class="card-body">Nothing has been exported yet.</p>
      ) : (
        <Table
          caption="Exports, newest first"
          columns={['When', 'Who', 'What', numeric('Rows'), numeric('Size'), 'Outcome, and SHA-256']}
          rows={exports.map(({ startedAt, who, what, filters, rows, size, outcome, sha256 }) => [
            <Time time={startedAt} />,
            who,
            <div>
              {what}
              <div class="job-does">{filters}</div>
            </div>,
            whole(rows),
            size,
            <div>
              <span class={outcome === 'broken off' ? 'is-bad' : ''}>{outcome}</span>
              {sha256 !== undefined && <code class="checksum">{sha256}</code>}
            </div>,
          ])}
          isListOnPhone
        />
      )}
    </Card>
  )
}
