/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { When } from '../../src/admin/local-time.ts'
import type { TimelineEntry } from '../../src/admin/pages/timeline.ts'
import type { Json } from '../../src/lib/json.ts'
import type { Ending, SessionCounts } from '../../src/trail/session.ts'
import { Layout } from '../layout.tsx'
import { EndingBadge } from '../parts/badges.tsx'
import { counted } from '../parts/count.ts'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icons.tsx'
import { Progress } from '../parts/progress.tsx'
import { Steps, type StepView } from '../parts/steps.tsx'
import { Time } from '../parts/time.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Value } from '../parts/value.tsx'

export type SessionView = {
  readonly id: string
  readonly flow: string
  readonly version: string
  readonly token: string
  readonly ending: Ending
  readonly exit: string
  readonly started: When
  readonly last: When
  readonly completed?: When
  readonly timezone: string
  readonly duration: string
  readonly reached: number
  readonly funnelSteps: number
  readonly counts: SessionCounts
  readonly choices: readonly (readonly [field: string, value: Json])[]
  readonly steps: readonly StepView[]
  /** How many steps follow those. */
  readonly moreSteps: number
  readonly timeline: readonly TimelineEntry[]
  /** The session has more events than are shown. */
  readonly isCut: boolean
}

export function SessionPage({
  account,
  session,
}: {
  readonly account: string
  readonly session: SessionView
}): JSX.Element {
  return (
    <Layout title={`Session ${session.id}`} account={account} area="sessions">
      <nav aria-label="Way back">
        <a class="way-back" href="/admin/sessions">
          <Icon name="left" />
          Sessions
        </a>
      </nav>
      <h1 class="page-name">
        Session <span class="session-id">{session.id}</span> <EndingBadge ending={session.ending} />
      </h1>
      <section class="card" aria-label="Facts">
        <div class="card-body">
          <Facts facts={factsOf(session)} />
        </div>
        {session.choices.length > 0 && <Choices choices={session.choices} />}
      </section>
      <section class="card" aria-labelledby="way">
        <h2 class="card-name" id="way">
          Way through the flow
        </h2>
        <Steps steps={session.steps} />
        {session.moreSteps > 0 && (
          <p class="card-footer text-secondary">{`And ${counted(session.moreSteps, 'screen')} more; the export has them all.`}</p>
        )}
      </section>
      <section class="card" aria-labelledby="timeline">
        <h2 class="card-name" id="timeline">
          Timeline <span class="text-secondary">{`times in ${session.timezone}`}</span>
        </h2>
        <Timeline moments={session.timeline} />
        {session.isCut && (
          <p class="card-footer text-secondary">
            {`The first ${session.timeline.length} of ${counted(session.counts.events, 'event')}; the export has them all.`}
          </p>
        )}
      </section>
    </Layout>
  )
}

function Choices({ choices }: Pick<SessionView, 'choices'>): JSX.Element {
  return (
    <div class="card-body choices">
      <h2 class="facts-name">Chose last</h2>
      <dl class="inputs">
        {choices.map(([field, value]) => (
          <div>
            <dt>{field}</dt>
            <dd>
              <Value value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function factsOf(session: SessionView): Fact[] {
  return [
    { label: 'Flow', value: session.flow },
    { label: 'Person (flow token)', value: <code class="whole-token">{session.token}</code> },
    { label: 'Started', value: <Time when={session.started} /> },
    { label: 'Last seen', value: <Time when={session.last} /> },
    ...(session.completed ? [{ label: 'Completed', value: <Time when={session.completed} /> }] : []),
    { label: 'Duration', value: session.duration },
    { label: 'Steps reached', value: <Progress reached={session.reached} of={session.funnelSteps} /> },
    { label: 'Last screen', value: <span class="screen">{session.exit || 'none'}</span> },
    { label: 'Events', value: eventsText(session.counts) },
    { label: 'Friction', value: frictionText(session.counts) },
    { label: 'Flow version', value: <code>{session.version}</code> },
  ]
}

const eventsText = ({ events, repeats }: SessionCounts): string =>
  repeats === 0 ? String(events) : `${events}, of which ${counted(repeats, 'repeat')}`

function frictionText({ rejects, backs, reopens, clientErrors }: SessionCounts): string {
  const parts = [
    rejects > 0 && counted(rejects, 'reject'),
    backs > 0 && `back ${backs}×`,
    reopens > 0 && `opened again ${reopens}×`,
    clientErrors > 0 && counted(clientErrors, 'client error'),
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'none' : parts.join(', ')
}
