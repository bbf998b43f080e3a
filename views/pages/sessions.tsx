/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { When } from '../../src/admin/local-time.ts'
import type { Filters } from '../../src/admin/session-filters.ts'
import type { Totals } from '../../src/store/store.ts'
import type { Ending } from '../../src/trail/session.ts'
import { Layout } from '../layout.tsx'
import { EndingBadge } from '../parts/badges.tsx'
import { type FilterChoices, FilterForm } from '../parts/filter-form.tsx'
import { Icon } from '../parts/icons.tsx'
import { NoSessions } from '../parts/no-sessions.tsx'
import { Pager } from '../parts/pager.tsx'
import { Progress } from '../parts/progress.tsx'
import { Time } from '../parts/time.tsx'
import { TotalsStrip } from '../parts/totals-strip.tsx'

export type SessionLine = {
  readonly id: string
  readonly started: When
  readonly flow: string
  readonly token: string
  readonly ending: Ending
  /** The screen the person was last on. */
  readonly exit: string
  readonly reached: number
  readonly steps: number
  readonly duration: string
  readonly events: number
  readonly rejects: number
}

export type SessionResultsView = {
  readonly lines: readonly SessionLine[]
  /** The filters as `?…`; empty when nothing filters. */
  readonly search: string
  readonly newest?: string
  readonly older?: string
  /** Where Meta reaches each flow, for who has no session yet. */
  readonly addresses: readonly { readonly flow: string; readonly url: string }[]
}

type SessionsView = {
  readonly account: string
  readonly totals: Totals
  /** Requests. */
  readonly refused: number
  readonly filters: Filters
  readonly choices: FilterChoices
  readonly results: SessionResultsView
}

export function SessionsPage({ account, totals, refused, filters, choices, results }: SessionsView): JSX.Element {
  return (
    <Layout title="Sessions" account={account} area="sessions">
      <h1 class="page-name">Sessions</h1>
      <TotalsStrip totals={totals} refused={refused} />
      <section class="card">
        <search>
          <FilterForm filters={filters} choices={choices} />
        </search>
        <div id="results" aria-live="polite">
          <SessionResults results={results} />
        </div>
      </section>
    </Layout>
  )
}

/** What changes when the filters do. */
export function SessionResults({ results }: { readonly results: SessionResultsView }): JSX.Element {
  const { lines, search, newest, older, addresses } = results
  if (lines.length === 0) return <NoSessions isFiltered={search !== '' || newest !== undefined} addresses={addresses} />
  return (
    <>
      <div class="table-responsive">
        <table class="table table-vcenter card-table session-table">
          <caption class="visually-hidden">Sessions, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Started</th>
              <th scope="col" class="wide-only">
                Flow
              </th>
              <th scope="col" class="wide-only">
                Person
              </th>
              <th scope="col">Ending</th>
              <th scope="col">Last screen</th>
              <th scope="col" class="wide-only">
                Steps
              </th>
              <th scope="col" class="number wide-only">
                Duration
              </th>
              <th scope="col" class="number wide-only">
                Events
              </th>
              <th scope="col" class="number wide-only">
                Rejects
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line line={line} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="card-footer results-foot">
        <Pager {...(newest && { newest })} {...(older && { older })} />
        <div class="btn-list">
          <ExportButton rows="Sessions" search={search} />
          <ExportButton rows="Sessions" search={search} forExcel />
          <ExportButton rows="Events" search={search} />
          <ExportButton rows="Events" search={search} forExcel />
        </div>
      </div>
    </>
  )
}

function Line({ line }: { readonly line: SessionLine }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <a class="row-link" href={`/admin/sessions/${encodeURIComponent(line.id)}`}>
          <Time when={line.started} />
        </a>
        <div class="narrow-only text-secondary">{line.flow}</div>
      </th>
      <td class="wide-only">{line.flow}</td>
      <td class="wide-only">
        <code title={line.token}>{shortened(line.token)}</code>
      </td>
      <td>
        <EndingBadge ending={line.ending} />
      </td>
      <td>
        <span class="screen">{line.exit || 'none'}</span>
        <div class="narrow-only">
          <Progress reached={line.reached} of={line.steps} />
        </div>
      </td>
      <td class="wide-only">
        <Progress reached={line.reached} of={line.steps} />
      </td>
      <td class="number wide-only">{line.duration}</td>
      <td class="number wide-only">{line.events}</td>
      <td class={`number wide-only ${line.rejects > 0 ? 'is-bad' : 'text-secondary'}`}>{line.rejects}</td>
    </tr>
  )
}

type ExportButtonProps = {
  readonly rows: 'Sessions' | 'Events'
  readonly search: string
  readonly forExcel?: true
}

function ExportButton({ rows, search, forExcel }: ExportButtonProps): JSX.Element {
  const query = new URLSearchParams(search)
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
