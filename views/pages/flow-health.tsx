/** @jsxImportSource preact */

import { SmallMultiples, type SmallMultiplesView } from '../charts/small-multiples.tsx'
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { Level, type LevelView } from '../parts/level.tsx'
import { RateText, type RateView } from '../parts/rate.tsx'
import { numeric, Table } from '../parts/table.tsx'
import type { LocalTime } from '../parts/time.tsx'

export type FlowHealthView = {
  readonly frame: FlowFrameView
  readonly at: LocalTime
  readonly measures: readonly MeasureRow[]
  /** Requests that we refused, by reason. */
  readonly refused: readonly { readonly reason: string; readonly requests: number }[]
  readonly curve: SmallMultiplesView
  readonly levels: string
}

export type MeasureRow = {
  readonly what: string
  readonly over: string
  /** What was measured; a text or a share. */
  readonly value: string | RateView
  readonly level: LevelView
}

export function FlowHealthPage({ account, view }: PageProps<FlowHealthView>) {
  const { frame, at, measures, refused, levels } = view
  return (
    <FlowFrame account={account} title="Health" frame={frame}>
      <Card id="now" heading={withNote('As Meta measures it', `up to ${at.text}`)}>
        <Table
          caption="Health in Meta's windows and levels"
          columns={['What', 'Over', 'Measured', 'Level']}
          rows={measures.map(({ what, over, value, level }) => [
            what,
            over,
            typeof value === 'string' ? value : <RateText rate={value} isShort />,
            <Level level={level} />,
          ])}
        />
        <p class="card-footer text-secondary">{levels}</p>
      </Card>
      {refused.length > 0 && (
        <Card id="refused" heading={withNote('Refused requests', 'within the half hour')}>
          <Table
            caption="Refused requests by reason"
            columns={['Reason', numeric('Requests')]}
            rows={refused.map(({ reason, requests }) => [reason, whole(requests)])}
          />
        </Card>
      )}
      <Card id="day" heading={withNote('The last day', 'every ten minutes, over the window before')}>
        <SmallMultiples chart={view.curve} />
      </Card>
    </FlowFrame>
  )
}
