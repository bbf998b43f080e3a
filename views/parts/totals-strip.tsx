/** @jsxImportSource preact */

import { plural } from '../../src/lib/plural.ts'
import type { Ending } from '../../src/trail/session.ts'
import { whole } from '../numbers.ts'

/** Sessions by ending, and what belongs to no session; of everything that is stored. */
export type TotalsView = { readonly [ending in Ending]: number } & {
  /** Requests. */
  readonly refused: number
  /** Events without a flow token of their own. */
  readonly untracked: number
}

export function TotalsStrip({ totals }: { readonly totals: TotalsView }) {
  return (
    <>
      <p class="text-secondary">Of everything that is stored; the filters below do not change these counts.</p>
      <dl class="card totals">
        <Total label="Completed" tone="completed" value={totals.completed} note="reached the end" />
        <Total label="Open" tone="open" value={totals.open} note="may still come back" />
        <Total label="Lost" tone="lost" value={totals.lost} note="left before the end" />
        <Total
          label="Refused requests"
          tone="refused"
          value={totals.refused}
          note="see Incidents"
          href="/admin/incidents"
        />
      </dl>
      {totals.untracked > 0 && (
        <p class="hint">
          {`${plural(totals.untracked, 'event')} came without a flow token of their own and belong to no session: set a unique flow_token in each message you send.`}
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

function Total({ label, tone, value, note, href }: TotalProps) {
  return (
    <div class={`total total-${tone}`}>
      <dt>{label}</dt>
      <dd>
        <span class="total-value">{whole(value)}</span>
        <span class="total-note">{href ? <a href={href}>{note}</a> : note}</span>
      </dd>
    </div>
  )
}
