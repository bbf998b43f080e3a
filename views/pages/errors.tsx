/** @jsxImportSource preact */
import { SmallMultiples, type SmallMultiplesView } from '../charts/small-multiples.tsx'
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { RateText, type RateView } from '../parts/rate.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { detail, numeric, Table } from '../parts/table.tsx'

export type ErrorsView = {
  readonly frame: FlowFrameView
  readonly answered: number
  readonly categories: readonly FaultRow[]
  /** Absent if refusals are known for the whole period; else the instant from which they are. */
  readonly incidentsSince?: string
  readonly timeline: SmallMultiplesView
  readonly spikes: readonly { readonly text: string; readonly href: string }[]
  readonly breakdown: readonly BreakdownCard[]
}

/** `rate`: undefined where it is not known. */
export type FaultRow = { readonly name: string; readonly meaning: string; readonly rate: RateView | undefined }

export type BreakdownCard = {
  readonly id: string
  readonly heading: string
  readonly note: string
  readonly columns: readonly string[]
  /** `sessions`: of the period in which it happened. */
  readonly rows: readonly {
    readonly screen: ScreenNameView
    readonly cells: readonly string[]
    readonly errors: number
    readonly sessions?: string
  }[]
}

export function ErrorsPage({ account, view }: PageProps<ErrorsView>) {
  const { frame, answered, categories, spikes, timeline, breakdown, incidentsSince } = view
  return (
    <FlowFrame account={account} title="Errors" frame={frame}>
      <Card id="spikes" heading={withNote('Out of the ordinary', 'against the same hour of the seven days before')}>
        {spikes.length === 0 ? (
          <p class="card-body text-secondary">No hour of this period stands out.</p>
        ) : (
          <ul class="findings">
            {spikes.map(({ text, href }) => (
              <li>
                <a href={href}>{text}</a>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card id="timeline" heading={withNote('When', 'the share of requests, by when they were received')}>
        <SmallMultiples chart={timeline} />
      </Card>
      <Card id="categories" heading={withNote('What went wrong', `${whole(answered)} requests were answered`)}>
        <Table
          caption="Errors and refusals by category"
          columns={['Category', detail('What it means'), 'Requests']}
          rows={categories.map(({ name, meaning, rate }) => [
            name,
            meaning,
            rate ? <RateText rate={rate} isShort /> : <span class="text-secondary">not known</span>,
          ])}
          isListOnPhone
        />
        {incidentsSince && (
          <p class="card-footer text-secondary">
            Of refused requests only the newest are kept: they are known since {incidentsSince}.
          </p>
        )}
      </Card>
      {breakdown.map((card) => (
        <BreakdownTable card={card} />
      ))}
    </FlowFrame>
  )
}

function BreakdownTable({ card }: { readonly card: BreakdownCard }) {
  const { id, heading, note, columns, rows } = card
  if (rows.length === 0) return null
  return (
    <Card id={id} heading={withNote(heading, note)}>
      <Table
        caption={heading}
        columns={[...columns, numeric('Errors'), numeric('Who')]}
        rows={rows.map(({ screen, cells, errors, sessions }) => [
          <ScreenName of={screen} />,
          ...cells,
          whole(errors),
          sessions && <a href={sessions}>sessions</a>,
        ])}
        isListOnPhone
      />
    </Card>
  )
}
