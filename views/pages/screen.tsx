/** @jsxImportSource preact */

import { StackedBar, type StackedBarView } from '../charts/stacked-bar.tsx'
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FixFirst, type FixFirstView } from '../parts/fix-first.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { NobodyCard, type NobodyView } from '../parts/no-sessions.tsx'
import { PhoneScreen, type PhoneScreenView } from '../parts/phone-screen.tsx'
import { Figure, type LinkedNumber, NumberOf, RateText, type RateView } from '../parts/rate.tsx'
import { ScreenId, ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { detail, numeric, Table } from '../parts/table.tsx'

export type ScreenView = {
  readonly frame: FlowFrameView
  readonly screen: ScreenNameView
  readonly phone?: PhoneScreenView
  /** Or why there are none. */
  readonly numbers: ScreenNumbers | NobodyView
}

export type ScreenNumbers = {
  readonly sessions: LinkedNumber
  readonly lost: RateView
  readonly open: LinkedNumber
  readonly completed: LinkedNumber
  /** What became of each visit. */
  readonly visits: StackedBarView
  readonly refusals: readonly RefusalRow[]
  /** Visits with a refusal that were accepted in the end. */
  readonly corrected: RateView
  readonly errors: readonly (LinkedNumber & { readonly code: string })[]
  readonly durations: readonly DurationRow[]
  readonly byLoad: readonly LoadRow[]
  readonly before: readonly Neighbour[]
  readonly after: readonly Neighbour[]
  readonly fixFirst: FixFirstView
}

type RefusalRow = LinkedNumber & {
  readonly field: string
  readonly rule: string
  /** What people were told, if the config says so. */
  readonly message?: string
}

/** Texts such as `22 s`; empty if unknown. */
type DurationRow = {
  readonly what: string
  readonly n: number
  readonly p50: string
  readonly p90: string
  readonly p99: string
}

type LoadRow = { readonly bucket: string; readonly sessions: LinkedNumber; readonly lost: RateView }

/** A screen that people came from or went to; `count`: visits. */
/** Names that are added up have no page. */
type Neighbour = LinkedNumber & { readonly screen: ScreenNameView; readonly screenHref: string | undefined }

export function ScreenPage({ account, view }: PageProps<ScreenView>) {
  const { frame, screen, phone, numbers } = view
  return (
    <FlowFrame account={account} title={screen.name} detail={<ScreenId of={screen} />} frame={frame}>
      {'why' in numbers ? (
        <>
          <NobodyCard nobody={numbers} />
          <Phone screen={phone} />
        </>
      ) : (
        <Cards numbers={numbers} phone={phone} />
      )}
    </FlowFrame>
  )
}

function Phone({ screen }: { readonly screen: PhoneScreenView | undefined }) {
  if (!screen) return null
  return (
    <Card
      id="phone"
      heading={withNote('On the phone', 'roughly as its Flow JSON has it; dotted: only sometimes there')}
    >
      <PhoneScreen screen={screen} />
    </Card>
  )
}

type CardsProps = { readonly numbers: ScreenNumbers; readonly phone: PhoneScreenView | undefined }

function Cards({ numbers, phone }: CardsProps) {
  const { sessions, lost, open, completed, visits, errors, durations, byLoad, before, after, fixFirst } = numbers
  return (
    <>
      <dl class="card figures">
        <Figure label="Sessions that came here">
          <NumberOf {...sessions} />
        </Figure>
        <Figure label="Lost here, of those decided">
          <RateText rate={lost} />
        </Figure>
        <Figure label="Still here">
          <NumberOf {...open} />
        </Figure>
        <Figure label="Completed from here">
          <NumberOf {...completed} />
        </Figure>
      </dl>
      <Card id="visits" heading={withNote('Visits', 'what became of each showing of the screen')}>
        <StackedBar chart={visits} />
      </Card>
      <Card id="refusals" heading={withNote('Refusals', 'by field and rule')}>
        <Refusals numbers={numbers} />
      </Card>
      <Phone screen={phone} />
      {errors.length > 0 && (
        <Card id="errors" heading="Other errors">
          <Table
            caption="Other errors by code"
            columns={['Code', numeric('Errors')]}
            rows={errors.map(({ code, ...number }) => [<code>{code}</code>, <NumberOf {...number} />])}
          />
        </Card>
      )}
      <Card id="fix-first" heading={withNote('Who leaves here more often', 'beyond chance')}>
        <FixFirst view={fixFirst} />
      </Card>
      <Card id="durations" heading={withNote('How long it takes', 'people, and us')}>
        <Table
          caption="Durations"
          columns={['What', ...['Visits', 'Median', 'p90', 'p99'].map(numeric)]}
          rows={durations.map(({ what, n, p50, p90, p99 }) => [what, whole(n), p50, p90, p99])}
        />
        <p class="card-footer text-secondary">
          What people do within a screen, typing for example, does not reach an endpoint: between two requests only time
          passes.
        </p>
      </Card>
      {byLoad.length > 0 && (
        <Card id="by-load" heading={withNote('Lost, by how long it took to load', 'the last time people had it')}>
          <Table
            caption="Lost by loading time"
            columns={['Loading took', numeric('Sessions'), 'Lost here']}
            rows={byLoad.map((load) => [load.bucket, <NumberOf {...load.sessions} />, <RateText rate={load.lost} />])}
          />
        </Card>
      )}
      <div class="two-columns">
        <Neighbours id="before" heading="Came from" all={before} />
        <Neighbours id="after" heading="Went to" all={after} />
      </div>
    </>
  )
}

function Refusals({ numbers: { refusals, corrected } }: Pick<CardsProps, 'numbers'>) {
  if (refusals.length === 0) return <p class="card-body text-secondary">Nothing was refused on this screen.</p>
  return (
    <>
      <Table
        caption="Refusals by field and rule"
        columns={['Field', 'Rule', numeric('Refusals'), detail('What people read')]}
        rows={refusals.map(({ field, rule, message, ...refused }) => [field, rule, <NumberOf {...refused} />, message])}
        isListOnPhone
      />
      <p class="card-footer text-secondary">
        Corrected and accepted in the end: <RateText rate={corrected} /> visits with a refusal.
      </p>
    </>
  )
}

type NeighboursProps = { readonly id: string; readonly heading: string; readonly all: readonly Neighbour[] }

const Neighbours = ({ id, heading, all }: NeighboursProps) => (
  <Card id={id} heading={withNote(heading, 'visits')}>
    {all.length === 0 ? (
      <p class="card-body text-secondary">No other screen.</p>
    ) : (
      <Table
        caption={heading}
        columns={['Screen', numeric('Visits')]}
        rows={all.map(({ screen, screenHref, ...visits }) => [
          <ScreenName of={screen} href={screenHref} />,
          <NumberOf {...visits} />,
        ])}
      />
    )}
  </Card>
)
