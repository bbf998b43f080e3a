/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { When } from '../../src/admin/local-time.ts'
import type { CategoryCount } from '../../src/report/incidents.ts'
import type { Incident, IncidentCategory } from '../../src/trail/incident.ts'
import { Layout } from '../layout.tsx'
import { Pager } from '../parts/pager.tsx'
import { Time } from '../parts/time.tsx'

export type IncidentsView = {
  readonly categories: readonly CategoryCount[]
  readonly chosen?: IncidentCategory
  /** What the signatures say of our own config. */
  readonly warning?: string
  readonly lines: readonly (Incident & { readonly when: When })[]
  readonly newest?: string
  readonly older?: string
}

export function IncidentsPage({
  account,
  view,
}: {
  readonly account: string
  readonly view: IncidentsView
}): JSX.Element {
  return (
    <Layout title="Incidents" account={account} area="incidents">
      <h1 class="page-name">Incidents</h1>
      <p class="page-lead">
        Requests that were refused before they could become part of a trail. Their contents are never kept.
      </p>
      {view.warning && (
        <div class="alert alert-danger" role="alert">
          {view.warning.replace(/^./, (first) => first.toUpperCase())}
        </div>
      )}
      <section class="card" aria-labelledby="kinds">
        <h2 class="card-name" id="kinds">
          By kind
        </h2>
        <Kinds view={view} />
      </section>
      <section class="card" aria-labelledby="newest">
        <h2 class="card-name" id="newest">
          {view.chosen ? `Newest: ${labelOf(view, view.chosen)}` : 'Newest'}
          {view.chosen && (
            <a class="btn btn-sm" href="/admin/incidents">
              Show all kinds
            </a>
          )}
        </h2>
        <Newest view={view} />
      </section>
    </Layout>
  )
}

function Kinds({ view }: { readonly view: IncidentsView }): JSX.Element {
  return (
    <ul class="kinds">
      {view.categories.map((kind) => (
        <li class={kind.requests === 0 ? 'kind kind-none' : 'kind'}>
          <span class="kind-count">{kind.requests.toLocaleString('en')}</span>
          <div>
            <h3>
              {kind.requests > 0 ? <a href={`/admin/incidents?category=${kind.category}`}>{kind.label}</a> : kind.label}
            </h3>
            <p>{kind.meaning}</p>
            <p class="text-secondary">{kind.fix}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Newest({ view }: { readonly view: IncidentsView }): JSX.Element {
  if (view.lines.length === 0) return <p class="nothing text-secondary">No request was refused. Nothing to do here.</p>
  return (
    <>
      <div class="table-responsive">
        <table class="table table-vcenter card-table">
          <caption class="visually-hidden">Refused requests, newest first</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Kind</th>
              <th scope="col" class="wide-only">
                Flow
              </th>
              <th scope="col">What was found</th>
              <th scope="col" class="number">
                Requests
              </th>
            </tr>
          </thead>
          <tbody>
            {view.lines.map((line) => (
              <tr>
                <th scope="row">
                  <Time when={line.when} />
                </th>
                <td>{labelOf(view, line.category)}</td>
                <td class="wide-only">{line.flow}</td>
                <td class="detail">{line.detail}</td>
                <td class="number">{line.count.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(view.newest || view.older) && (
        <div class="card-footer">
          <Pager {...(view.newest && { newest: view.newest })} {...(view.older && { older: view.older })} />
        </div>
      )}
    </>
  )
}

const labelOf = ({ categories }: IncidentsView, category: IncidentCategory): string =>
  categories.find((kind) => kind.category === category)?.label ?? category
