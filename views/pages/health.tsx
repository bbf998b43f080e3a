/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { Layout, type PageProps } from '../layout.tsx'
import { Balance, type LedgerView } from '../parts/balance.tsx'
import { Facts } from '../parts/facts.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type HealthView = {
  /** Absent if the journal cannot be read. */
  readonly ledger?: LedgerView
  readonly events: number
  /** Events without a flow token of their own. */
  readonly untracked: number
  readonly sessions: number
  /** On disk. Absent if the store cannot tell. */
  readonly size?: string
  readonly bytesPerEvent?: number
  /** Newest first. */
  readonly audits: { readonly [group in 'people' | 'scripts' | 'strangers']: readonly Audit[] }
  /** YAML without secrets. */
  readonly config: string
}

type Audit = { readonly time: LocalTime; readonly who: string; readonly what: string; readonly detail: string }

export function HealthPage({ account, view }: PageProps<HealthView>): JSX.Element {
  return (
    <Layout title="Health" account={account} area="health">
      <h1 class="page-heading">Health</h1>
      <section class="card" aria-labelledby="ledger">
        <h2 class="card-heading" id="ledger">
          What became of every event
        </h2>
        <Balance {...(view.ledger && { ledger: view.ledger })} />
      </section>
      <section class="card" aria-labelledby="store">
        <h2 class="card-heading" id="store">
          Store
        </h2>
        <div class="card-body">
          <Facts
            facts={[
              { label: 'Events', value: view.events.toLocaleString('en') },
              { label: 'Sessions', value: view.sessions.toLocaleString('en') },
              { label: 'Size on disk', value: view.size ?? 'not known' },
              { label: 'Bytes per event', value: view.bytesPerEvent?.toLocaleString('en') ?? 'not known' },
            ]}
          />
          <p class="untracked">{untrackedText(view)}</p>
        </div>
      </section>
      <AuditTable id="audit" title="Who did what" audits={view.audits.people} />
      <AuditTable id="reads" title="What scripts read" audits={view.audits.scripts} />
      <AuditTable id="failures" title="Failed logins" audits={view.audits.strangers} />
      <section class="card" aria-labelledby="config">
        <h2 class="card-heading" id="config">
          Config in force <span class="text-secondary">secrets hidden, durations in milliseconds</span>
        </h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre class="config" tabIndex={0}>
          {view.config}
        </pre>
      </section>
    </Layout>
  )
}

type AuditTableProps = { readonly id: string; readonly title: string; readonly audits: readonly Audit[] }

function AuditTable({ id, title, audits }: AuditTableProps): JSX.Element | null {
  if (audits.length === 0) return null
  return (
    <section class="card" aria-labelledby={id}>
      <h2 class="card-heading" id={id}>
        {title} <span class="text-secondary">newest first</span>
      </h2>
      <div class="table-responsive">
        <table class="table table-vcenter card-table">
          <caption class="visually-hidden">{title}, newest first</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {audits.map((audit) => (
              <tr>
                <th scope="row">
                  <Time time={audit.time} />
                </th>
                <td>{audit.who}</td>
                <td>{audit.what.replaceAll('_', ' ')}</td>
                <td class="detail">{audit.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function untrackedText({ events, untracked }: HealthView): string {
  if (untracked === 0) return 'Every event came with a flow token of its own, so every one belongs to a session.'
  const share = (untracked / events).toLocaleString('en', { style: 'percent', maximumFractionDigits: 1 })
  return `${untracked.toLocaleString('en')} events (${share}) came without a flow token of their own. They are kept, but belong to no session and count in no funnel: set a unique flow_token in each message you send.`
}
