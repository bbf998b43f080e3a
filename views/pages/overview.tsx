/** @jsxImportSource preact */
import { Sparkline, type SparklineView } from '../charts/sparkline.tsx'
import { Layout, type PageAccount, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { FirstSteps, type FirstStepsView } from '../parts/first-steps.tsx'
import { FixSentence, type FixView } from '../parts/fix-first.tsx'
import { LiveNote } from '../parts/live-note.tsx'
import { PeriodBar, type PeriodBarView } from '../parts/period-bar.tsx'
import { ChangeText, type ChangeView, type LinkedNumber, NumberOf, RateText, type RateView } from '../parts/rate.tsx'
import { RemovedNumbers } from '../parts/removed.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { StatusLine, type StatusView } from '../parts/status-line.tsx'
import { numeric, Table, wideOnly } from '../parts/table.tsx'
import type { LocalTime } from '../parts/time.tsx'

export type OverviewView = {
  readonly status: StatusView
  readonly bar: PeriodBarView
  /** The most important sentence. */
  readonly headline?: { readonly fix: FixView; readonly flow: string; readonly href: string }
  readonly flows: readonly FlowRow[]
  /** The numbers of the period, or of the one before, that are not there any more. */
  readonly removedBefore?: LocalTime
  /** Present while nothing was ever recorded. */
  readonly firstSteps?: FirstStepsView
}

export type FlowRow = {
  readonly flow: string
  readonly href: string
  readonly isConfigured: boolean
  readonly sessions: LinkedNumber
  readonly completion: RateView
  readonly change: ChangeView
  /** The newest version: `1f3a5c7e since 12 Nov` */
  readonly since?: string
  readonly worst?: LinkedNumber & { readonly name: ScreenNameView; readonly of: number }
  readonly open: LinkedNumber
  /** The share that completed, by day. */
  readonly days: SparklineView
}

export function OverviewPage({ account, view }: PageProps<OverviewView>) {
  const { status, bar, headline, flows, removedBefore, firstSteps } = view
  if (firstSteps) return <SetUp account={account} firstSteps={firstSteps} />
  return (
    <Layout title="Overview" account={account} area="overview">
      <h1 class="page-heading">Overview</h1>
      <StatusLine status={status} />
      <PeriodBar bar={bar} />
      <RemovedNumbers before={removedBefore} />
      {headline && (
        <div class="headline">
          <FixSentence fix={headline.fix} />
          <a href={headline.href}>What else to fix in {headline.flow}</a>
        </div>
      )}
      <section class="card" aria-label="Flows">
        <Flows flows={flows} />
      </section>
    </Layout>
  )
}

const SetUp = ({ account, firstSteps }: { readonly account: PageAccount; readonly firstSteps: FirstStepsView }) => (
  <Layout title="Set-up" account={account} area="overview" isLive>
    <h1 class="page-heading">
      Until the first person comes <LiveNote />
    </h1>
    <section class="card" aria-label="First steps">
      <FirstSteps view={firstSteps} />
    </section>
  </Layout>
)

const COLUMNS = [
  ...['Flow', numeric('Sessions'), 'Completed', wideOnly('Change')],
  ...['Most lost at', wideOnly('Each day'), numeric('Open now')],
]

function Flows({ flows }: { readonly flows: readonly FlowRow[] }) {
  const rows = flows.map((row) => [
    <>
      <a class="flow-name" href={row.href}>
        {row.flow}
      </a>
      {!row.isConfigured && <div class="text-secondary">no longer in the config</div>}
    </>,
    <NumberOf {...row.sessions} />,
    <RateText rate={row.completion} />,
    <>
      <ChangeText change={row.change} />
      {row.since && <div class="text-secondary">{row.since}</div>}
    </>,
    row.worst ? <Worst worst={row.worst} /> : <span class="text-secondary">nobody</span>,
    <Sparkline {...row.days} />,
    <NumberOf {...row.open} />,
  ])
  return <Table caption="Flows" columns={COLUMNS} rows={rows} class="flow-table" isListOnPhone />
}

const Worst = ({ worst }: { readonly worst: NonNullable<FlowRow['worst']> }) => (
  <>
    <ScreenName of={worst.name} />{' '}
    <span class="text-secondary">
      <NumberOf {...worst} /> of {whole(worst.of)}
    </span>
  </>
)
