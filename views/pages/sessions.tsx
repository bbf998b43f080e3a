/** @jsxImportSource preact */

import type { ComponentChildren } from 'preact'
import type { Ending, Session } from '../../src/trail/session.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Badge } from '../parts/badges.tsx'
import { Chips, type ChipView } from '../parts/chips.tsx'
import { FilterForm, type FilterOptions, type FilterValues } from '../parts/filter-form.tsx'
import { Icon } from '../parts/icons.tsx'
import { type FlowEndpoint, NoMatches, NoSessionsYet } from '../parts/no-sessions.tsx'
import { Pager } from '../parts/pager.tsx'
import { Progress } from '../parts/progress.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { Table, wideOnly } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'
import { TotalsStrip, type TotalsView } from '../parts/totals-strip.tsx'

export type SessionRow = Pick<Session, 'flow' | 'token'> & {
  /** Its id is empty where there was none. */
  readonly exit: ScreenNameView
  readonly href: string
  readonly started: LocalTime
  readonly ending: Ending
  /** Steps of the funnel. */
  readonly reached: number
  readonly funnelSteps: number
  readonly duration: string
  readonly events: number
  readonly rejects: number
}

export type CountView = { readonly count: number /** The search stopped there. */; readonly searchedTo?: LocalTime }

export type SessionResultsView = {
  readonly chips: readonly ChipView[]
  readonly rows: readonly SessionRow[]
  /** In words. */
  readonly filters: string
  /** The filters as `?…`; empty if nothing filters. */
  readonly queryString: string
  /** The search for this page stopped at sessions that began then. */
  readonly searchedTo?: LocalTime
  /** Sessions that began before were removed; some of them would be here. */
  readonly removedBefore?: LocalTime
  /** URLs of other pages. */
  readonly newest?: string
  readonly older?: string
  /** For an installation without sessions. */
  readonly endpoints: readonly FlowEndpoint[]
}

export type SessionsView = {
  readonly totals: TotalsView
  readonly filters: FilterValues
  /** Filters that the form does not show, and keeps. */
  readonly hidden: readonly (readonly [name: string, value: string])[]
  readonly options: FilterOptions
  readonly results: SessionResultsView
}

export function SessionsPage({ account, view }: PageProps<SessionsView>) {
  const { totals, filters, hidden, options, results } = view
  return (
    <Layout title="Sessions" account={account} area="sessions">
      <h1 class="page-heading">Sessions</h1>
      <TotalsStrip totals={totals} />
      <section class="card">
        <search>
          <FilterForm filters={filters} hidden={hidden} options={options} />
        </search>
        <div id="results" aria-live="polite">
          <SessionResults results={results} />
        </div>
      </section>
    </Layout>
  )
}

/** The part of the page that htmx replaces when the filters change. */
export function SessionResults({ results }: { readonly results: SessionResultsView }) {
  const { rows, chips, filters, queryString, newest, older, endpoints, searchedTo, removedBefore } = results
  const isFiltered = queryString !== '' || newest !== undefined
  if (rows.length === 0 && searchedTo === undefined)
    return (
      <>
        <Chips chips={chips} />
        {removedBefore && <Removed before={removedBefore} />}
        {isFiltered ? <NoMatches filters={filters} clear="/admin/sessions" /> : <NoSessionsYet endpoints={endpoints} />}
      </>
    )
  return (
    <>
      <div class="results-head">
        <Chips chips={chips} />
        {isFiltered && <CountLater queryString={queryString} />}
      </div>
      <Table caption="Sessions, newest first" columns={COLUMNS} rows={rows.map(cellsOf)} class="session-table" />
      {removedBefore && <Removed before={removedBefore} />}
      {searchedTo && (
        <p class="card-body text-secondary">
          Searched back to <Time time={searchedTo} />. {older && <a href={older}>Go on searching</a>}
        </p>
      )}
      <div class="card-footer results-footer">
        <Pager label="Pages" back={{ name: 'Newest', href: newest }} on={{ name: 'Older', href: older }} />
        <div class="btn-list">
          <ExportButton rows="Sessions" queryString={queryString} />
          <ExportButton rows="Sessions" queryString={queryString} forExcel />
          <ExportButton rows="Events" queryString={queryString} />
          <ExportButton rows="Events" queryString={queryString} forExcel />
        </div>
      </div>
    </>
  )
}

const Removed = ({ before }: { readonly before: LocalTime }) => (
  <p class="card-body text-secondary">
    Sessions that began before <Time time={before} /> have been removed; their numbers remain.
  </p>
)

/** Without script, the link leads to the number alone. */
const CountLater = ({ queryString }: { readonly queryString: string }) => (
  <p class="result-count" hx-get={`/admin/session-count${queryString}`} hx-trigger="load">
    <a href={`/admin/session-count${queryString}`}>How many are there?</a>
  </p>
)

export const SessionCount = ({ count: { count, searchedTo } }: { readonly count: CountView }) => (
  <span>
    {searchedTo ? 'At least ' : ''}
    <strong>{whole(count)}</strong> {count === 1 ? 'session' : 'sessions'}
    {searchedTo && (
      <>
        , searched back to <Time time={searchedTo} />
      </>
    )}
  </span>
)

export const SessionCountPage = ({
  account,
  view,
}: PageProps<{ readonly count: CountView; readonly list: string }>) => (
  <Layout title="How many" account={account} area="sessions">
    <h1 class="page-heading">How many</h1>
    <p>
      <SessionCount count={view.count} />
    </p>
    <a href={view.list}>Back to the list</a>
  </Layout>
)

const COUNT = 'number wide-only'

const COLUMNS = [
  ...['Started', wideOnly('Flow'), wideOnly('Person'), 'Ending', 'Last screen', wideOnly('Steps')],
  { label: 'Duration', class: COUNT },
  { label: 'Events', class: COUNT },
  {
    label: 'Rejects',
    class: COUNT,
    cells: (rejects: ComponentChildren) => `${COUNT} ${Number(rejects) > 0 ? 'is-bad' : 'text-secondary'}`,
  },
]

const cellsOf = (row: SessionRow) => [
  <>
    <a class="row-link" href={row.href}>
      <Time time={row.started} />
    </a>
    <div class="narrow-only text-secondary">{row.flow}</div>
  </>,
  row.flow,
  <code title={row.token}>{shortened(row.token)}</code>,
  <Badge of={row.ending} />,
  <>
    {row.exit.id === '' ? 'none' : <ScreenName of={row.exit} />}
    <div class="narrow-only">
      <Progress reached={row.reached} of={row.funnelSteps} />
    </div>
  </>,
  <Progress reached={row.reached} of={row.funnelSteps} />,
  row.duration,
  row.events,
  row.rejects,
]

type ExportButtonProps = {
  readonly rows: 'Sessions' | 'Events'
  readonly queryString: string
  readonly forExcel?: true
}

function ExportButton({ rows, queryString, forExcel }: ExportButtonProps) {
  const query = new URLSearchParams(queryString)
  if (forExcel) query.set('format', 'excel')
  const path = `/admin/export/${rows.toLowerCase()}`
  return (
    <a class="btn btn-sm" href={query.size > 0 ? `${path}?${query}` : path} download>
      <Icon name="download" />
      {`${rows} ${forExcel ? 'for Excel' : 'as CSV'}`}
    </a>
  )
}

const shortened = (token: string): string => (token.length > 14 ? `${token.slice(0, 12)}…` : token)
