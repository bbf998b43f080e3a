/** @jsxImportSource preact */

import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Balance, type LedgerView } from '../parts/balance.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { Facts } from '../parts/facts.tsx'
import { Level, type LevelView } from '../parts/level.tsx'
import { detail, Table } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type HealthView = {
  readonly flows: readonly FlowLevels[]
  /** Flows whose own server is left alone right now, as it failed several times in a row. */
  readonly spared: readonly { readonly flow: string; readonly href: string }[]
  /** Absent if the journal cannot be read. */
  readonly ledger?: LedgerView
  readonly events: number
  /** Events without a flow token of their own. */
  readonly untracked: number
  readonly sessions: number
  /** On disk. Absent if the store cannot tell. */
  readonly size?: string
  readonly bytesPerEvent?: number
  /** Of the audit log; its SHA-256 covers all entries before. Absent while the log is empty. */
  readonly newestAudit?: { readonly number: number; readonly hash: string }
  /** Newest first. */
  readonly audits: { readonly [group in 'people' | 'scripts' | 'strangers']: readonly Audit[] }
  /** YAML without secrets. */
  readonly config: string
}

type FlowLevels = {
  readonly flow: string
  readonly href: string
  readonly latency: LevelView
  readonly endpointErrors: LevelView
  readonly clientErrors: LevelView
}

type Audit = { readonly time: LocalTime; readonly who: string; readonly what: string; readonly detail: string }

export function HealthPage({ account, view }: PageProps<HealthView>) {
  return (
    <Layout title="Health" account={account} area="health">
      <h1 class="page-heading">Health</h1>
      <Card id="flows" heading={withNote('Will Meta throttle a flow?', 'its levels, now')}>
        <Table
          caption="Meta's levels by flow"
          columns={['Flow', 'Our time', 'Endpoint errors', 'Errors of phones']}
          rows={view.flows.map(({ flow, href, latency, endpointErrors, clientErrors }) => [
            <a href={href}>{flow}</a>,
            ...[latency, endpointErrors, clientErrors].map((level) => <Level level={level} />),
          ])}
          isListOnPhone
        />
        {view.spared.length > 0 && (
          <p class="card-footer">
            The server of{' '}
            {view.spared.map(({ flow, href }) => (
              <>
                <a href={href}>{flow}</a>{' '}
              </>
            ))}
            failed several times in a row and is left alone for some seconds.
          </p>
        )}
      </Card>
      <Card id="ledger" heading="What became of every event">
        <Balance {...(view.ledger && { ledger: view.ledger })} />
      </Card>
      <Card id="store" heading="Store">
        <div class="card-body">
          <Facts
            facts={[
              { label: 'Events', value: whole(view.events) },
              { label: 'Sessions', value: whole(view.sessions) },
              { label: 'Size on disk', value: view.size ?? 'not known' },
              { label: 'Bytes per event', value: view.bytesPerEvent?.toLocaleString('en') ?? 'not known' },
            ]}
          />
          <p class="untracked">{untrackedText(view)}</p>
        </div>
      </Card>
      <AuditTable id="audit" title="Who did what" audits={view.audits.people} />
      <AuditTable id="reads" title="What scripts read" audits={view.audits.scripts} />
      <AuditTable id="failures" title="Failed logins" audits={view.audits.strangers} />
      {view.newestAudit && <AuditChain {...view.newestAudit} />}
      <Card id="config" heading={withNote('Config in force', 'secrets hidden, durations in milliseconds')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre class="config" tabIndex={0}>
          {view.config}
        </pre>
      </Card>
    </Layout>
  )
}

type AuditTableProps = { readonly id: string; readonly title: string; readonly audits: readonly Audit[] }

function AuditTable({ id, title, audits }: AuditTableProps) {
  if (audits.length === 0) return null
  return (
    <Card id={id} heading={withNote(title, 'newest first')}>
      <Table
        caption={`${title}, newest first`}
        columns={['When', 'Who', 'What', detail('Detail')]}
        rows={audits.map((audit) => [
          <Time time={audit.time} />,
          audit.who,
          audit.what.replaceAll('_', ' '),
          audit.detail,
        ])}
        isListOnPhone
      />
    </Card>
  )
}

function AuditChain({ number, hash }: NonNullable<HealthView['newestAudit']>) {
  return (
    <Card id="chain" heading="Is the log as it was made?">
      <div class="card-body">
        <p>
          Each entry of the audit log has a checksum over itself and all entries before. <code>screentrail doctor</code>{' '}
          names the first one that was changed, removed or put in. Somebody who can write to the database could make all
          checksums anew; so note the newest one elsewhere now and then, and compare it later:
        </p>
        <p class="audit-entry">
          <code>{`screentrail doctor --audit-entry ${number}:${hash}`}</code>
        </p>
      </div>
    </Card>
  )
}

function untrackedText({ events, untracked }: HealthView): string {
  if (untracked === 0) return 'Every event came with a flow token of its own, so every one belongs to a session.'
  const share = (untracked / events).toLocaleString('en', { style: 'percent', maximumFractionDigits: 1 })
  return `${whole(untracked)} events (${share}) came without a flow token of their own. They are kept, but belong to no session and count in no funnel: set a unique flow_token in each message you send.`
}
