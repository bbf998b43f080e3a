/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { SmallMultiples, type SmallMultiplesView } from '../charts/small-multiples.tsx'
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { RateText, type RateView } from '../parts/rate.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { Table } from '../parts/table.tsx'

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

export function ErrorsPage({ account, view }: PageProps<ErrorsView>): JSX.Element {
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
          columns={['Category', 'What it means', 'Requests']}
          isListOnPhone
        >
          {categories.map(({ name, meaning, rate }) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="detail">{meaning}</td>
              <td>{rate ? <RateText rate={rate} isShort /> : <span class="text-secondary">not known</span>}</td>
            </tr>
          ))}
        </Table>
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

function BreakdownTable({ card }: { readonly card: BreakdownCard }): JSX.Element | null {
  const { id, heading, note, columns, rows } = card
  if (rows.length === 0) return null
  return (
    <Card id={id} heading={withNote(heading, note)}>
      <Table
        caption={heading}
        columns={[...columns, { label: 'Errors', class: 'number' }, { label: 'Who', class: 'number' }]}
      >
        {rows.map(({ screen, cells, errors, sessions }) => (
          <tr>
            <th scope="row">
              <ScreenName of={screen} />
            </th>
            {cells.map((cell) => (
              <td>{cell}</td>
            ))}
            <td class="number">{whole(errors)}</td>
            <td class="number">{sessions && <a href={sessions}>sessions</a>}</td>
          </tr>
        ))}
      </Table>
    </Card>
  )
}
