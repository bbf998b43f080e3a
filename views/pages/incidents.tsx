/** @jsxImportSource preact */

import type { IncidentCategory } from '../../src/trail/incident.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card } from '../parts/card.tsx'
import { Pager } from '../parts/pager.tsx'
import { Problem } from '../parts/problem.tsx'
import { detail, numeric, Table, wideOnly } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type IncidentsView = {
  readonly categories: readonly CategoryView[]
  /** The label of the only category whose incidents are listed; absent for all. */
  readonly selected?: string
  /** What looks wrong in the config, judged by the signatures. */
  readonly warning?: string
  readonly incidents: readonly IncidentRow[]
  /** URLs of other pages. */
  readonly newest?: string
  readonly older?: string
}

type CategoryView = {
  readonly category: IncidentCategory
  readonly label: string
  readonly meaning: string
  readonly fix: string
  readonly requests: number
}

type IncidentRow = {
  readonly time: LocalTime
  /** The label of its category. */
  readonly label: string
  readonly flow: string
  readonly detail: string
  readonly requests: number
}

export function IncidentsPage({ account, view }: PageProps<IncidentsView>) {
  return (
    <Layout title="Incidents" account={account} area="incidents">
      <h1 class="page-heading">Incidents</h1>
      <p class="page-lead">
        Requests that were refused before they could become part of a trail. Their contents are never kept.
      </p>
      <Problem text={view.warning?.replace(/^./, (first) => first.toUpperCase())} />
      <Card id="categories" heading="By kind">
        <Categories categories={view.categories} />
      </Card>
      <Card id="newest" heading={view.selected === undefined ? 'Newest' : <SelectedHeading category={view.selected} />}>
        <IncidentTable {...view} />
      </Card>
    </Layout>
  )
}

const SelectedHeading = ({ category }: { readonly category: string }) => (
  <>
    {`Newest: ${category}`}
    <a class="btn btn-sm" href="/admin/incidents">
      Show all kinds
    </a>
  </>
)

function Categories({ categories }: Pick<IncidentsView, 'categories'>) {
  return (
    <ul class="categories">
      {categories.map(({ category, label, meaning, fix, requests }) => (
        <li class={requests === 0 ? 'category category-none' : 'category'}>
          <span class="category-count">{whole(requests)}</span>
          <div>
            <h3>{requests > 0 ? <a href={`/admin/incidents?category=${category}`}>{label}</a> : label}</h3>
            <p>{meaning}</p>
            <p class="text-secondary">{fix}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function IncidentTable({ incidents, newest, older }: IncidentsView) {
  if (incidents.length === 0) return <p class="no-rows text-secondary">No request was refused. Nothing to do here.</p>
  return (
    <>
      <Table
        caption="Refused requests, newest first"
        columns={['When', 'Kind', wideOnly('Flow'), detail('What was found'), numeric('Requests')]}
        rows={incidents.map(({ time, label, flow, detail, requests }) => [
          <Time time={time} />,
          label,
          flow,
          detail,
          whole(requests),
        ])}
      />
      {(newest || older) && (
        <div class="card-footer">
          <Pager label="Pages" back={{ name: 'Newest', href: newest }} on={{ name: 'Older', href: older }} />
        </div>
      )}
    </>
  )
}
