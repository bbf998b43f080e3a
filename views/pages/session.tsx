/** @jsxImportSource preact */
import { plural } from '../../src/lib/plural.ts'
import type { Ending, Session, SessionCounts } from '../../src/trail/session.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { Badge } from '../parts/badges.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icons.tsx'
import { Pager } from '../parts/pager.tsx'
import { Progress } from '../parts/progress.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { type ScreenVisit, ScreenVisits } from '../parts/screen-visits.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'
import { Timeline, type TimelineEntry } from '../parts/timeline.tsx'
import { type NamedValues, Values } from '../parts/value.tsx'

/** Addresses of the list that led here, and of the sessions before and after this one in it. */
export type Neighbours = { readonly list: string; readonly newer?: string; readonly older?: string }

export type SessionView = Pick<Session, 'id' | 'flow' | 'version' | 'token' | 'counts'> & {
  /** Its id is empty where there was none. */
  readonly exit: ScreenNameView
  readonly ending: Ending
  readonly started: LocalTime
  readonly last: LocalTime
  readonly completed?: LocalTime
  readonly timezone: string
  readonly duration: string
  readonly flowHref: string
  readonly neighbours: Neighbours
  /** The sessions of the same flow token, this one included. */
  readonly sameToken: { readonly count: number; readonly href: string }
  /** Steps of the funnel. */
  readonly reached: number
  readonly funnelSteps: number
  readonly choices: NamedValues
  readonly visits: readonly ScreenVisit[]
  /** How many further visits the page leaves out. */
  readonly moreVisits: number
  readonly timeline: readonly TimelineEntry[]
  readonly areEventsRemoved: boolean
  /** The timeline leaves out the last events. */
  readonly isTruncated: boolean
}

export function SessionPage({ account, view: session }: PageProps<SessionView>) {
  return (
    <Layout title={`Session ${session.id}`} account={account} area="sessions">
      <nav aria-label="Way back">
        <a class="back-link" href={session.neighbours.list}>
          <Icon name="left" />
          Sessions
        </a>
      </nav>
      <Pager
        label="Sessions of the list"
        back={{ name: 'Newer', href: session.neighbours.newer }}
        on={{ name: 'Older', href: session.neighbours.older }}
      />
      <h1 class="page-heading">
        Session <span class="session-id">{session.id}</span> <Badge of={session.ending} />
      </h1>
      <section class="card" aria-label="Facts">
        <div class="card-body">
          <Facts facts={factsOf(session)} />
        </div>
        {session.choices.length > 0 && (
          <div class="card-body choices">
            <h2 class="facts-heading">Chose last</h2>
            <Values values={session.choices} />
          </div>
        )}
      </section>
      <Card id="visits" heading="Way through the flow">
        <ScreenVisits visits={session.visits} />
        {session.moreVisits > 0 && (
          <p class="card-footer text-secondary">{`And ${plural(session.moreVisits, 'screen')} more; the export has them all.`}</p>
        )}
      </Card>
      <Card id="timeline" heading={withNote('Timeline', `times in ${session.timezone}`)}>
        {session.areEventsRemoved ? (
          <p class="card-body">Its events were removed when they came of age. This summary remains.</p>
        ) : (
          <Timeline entries={session.timeline} />
        )}
        {session.isTruncated && (
          <p class="card-footer text-secondary">
            {`The first ${session.timeline.length} of ${plural(session.counts.events, 'event')}; the export has them all.`}
          </p>
        )}
      </Card>
    </Layout>
  )
}

function factsOf(session: SessionView): Fact[] {
  return [
    { label: 'Flow', value: <a href={session.flowHref}>{session.flow}</a> },
    { label: 'Person (flow token)', value: <Person session={session} /> },
    { label: 'Started', value: <Time time={session.started} /> },
    { label: 'Last seen', value: <Time time={session.last} /> },
    ...(session.completed ? [{ label: 'Completed', value: <Time time={session.completed} /> }] : []),
    { label: 'Duration', value: session.duration },
    { label: 'Steps reached', value: <Progress reached={session.reached} of={session.funnelSteps} /> },
    { label: 'Last screen', value: session.exit.id === '' ? 'none' : <ScreenName of={session.exit} /> },
    { label: 'Events', value: eventsText(session.counts) },
    { label: 'Friction', value: frictionText(session.counts) },
    { label: 'Flow version', value: <code>{session.version}</code> },
  ]
}

const Person = ({ session: { token, sameToken } }: { readonly session: SessionView }) => (
  <>
    <code class="full-token">{token}</code>
    {sameToken.count > 1 && (
      <>
        {' '}
        <a href={sameToken.href}>{`${sameToken.count} sessions`}</a>
      </>
    )}
  </>
)

const eventsText = ({ events, repeats }: SessionCounts): string =>
  repeats === 0 ? String(events) : `${events}, of which ${plural(repeats, 'repeat')}`

function frictionText({ rejects, backs, reopens, clientErrors }: SessionCounts): string {
  const parts = [
    rejects > 0 && plural(rejects, 'reject'),
    backs > 0 && `back ${backs}×`,
    reopens > 0 && `opened again ${reopens}×`,
    clientErrors > 0 && plural(clientErrors, 'client error'),
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'none' : parts.join(', ')
}
