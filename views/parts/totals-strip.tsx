/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { Totals } from '../../src/store/store.ts'
import { counted } from './count.ts'

/** What the store holds, at a glance. */
/** `refused`: requests. */
export function TotalsStrip({ totals, refused }: { readonly totals: Totals; readonly refused: number }): JSX.Element {
  return (
    <>
      <dl class="card totals">
        <Total label="Completed" tone="completed" value={totals.endings.completed} note="reached the end" />
        <Total label="Open" tone="open" value={totals.endings.open} note="may still come back" />
        <Total label="Lost" tone="lost" value={totals.endings.lost} note="left before the end" />
        <Total label="Refused requests" tone="refused" value={refused} note="see Incidents" href="/admin/incidents" />
      </dl>
      {totals.untracked > 0 && (
        <p class="hint">
          {`${counted(totals.untracked, 'event')} came without a flow token of their own and belong to no session: set a unique flow_token in each message you send.`}
        </p>
      )}
    </>
  )
}

type TotalProps = {
  readonly label: string
  readonly tone: string
  readonly value: number
  readonly note: string
  readonly href?: string
}

function Total({ label, tone, value, note, href }: TotalProps): JSX.Element {
  return (
    <div class={`total total-${tone}`}>
      <dt>{label}</dt>
      <dd>
        <span class="total-value">{value.toLocaleString('en')}</span>
        <span class="total-note">{href ? <a href={href}>{note}</a> : note}</span>
      </dd>
    </div>
  )
}
