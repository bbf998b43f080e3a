/** @jsxImportSource preact */
import { BarRows, type BarRowsView } from '../charts/bar-row.tsx'
import { Distribution, type DistributionView } from '../charts/distribution.tsx'
import { LineChart, type LineView } from '../charts/line.tsx'
import { ScreenMap } from '../charts/screen-map/map.tsx'
import type { ScreenMapView } from '../charts/screen-map/view.ts'
import type { PageProps } from '../layout.tsx'
import { Breakdown, type BreakdownView } from '../parts/breakdown.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { FixFirst, type FixFirstView } from '../parts/fix-first.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { NobodyCard, type NobodyView } from '../parts/no-sessions.tsx'
import {
  ChangeText,
  type ChangeView,
  Figure,
  type LinkedNumber,
  NumberOf,
  RateText,
  type RateView,
} from '../parts/rate.tsx'
import { ScreenName, type ScreenNameView, StepName, type StepNameView } from '../parts/screen-name.tsx'

export type FlowView = {
  readonly frame: FlowFrameView
  readonly sessions: LinkedNumber
  readonly completion: RateView
  readonly open: LinkedNumber
  readonly worst?: { readonly step: StepNameView; readonly lost: RateView }
  readonly slowest?: { readonly screen: ScreenNameView; readonly href: string; readonly time: string }
  /** Sessions that never reached the first step. */
  readonly notStarted: number
  readonly lostAfter: string
  readonly map: ScreenMapView
  /** Absent if the config has no such flow any more. */
  readonly funnel?: FunnelView
  readonly trend: LineView
  /** The same page of everybody, on the page of one choice, where the next three are absent. */
  readonly everybody?: string
  readonly fixFirst?: FixFirstView
  readonly breakdown?: BreakdownView
  readonly timeToConvert?: DistributionView
  /** Present where nobody came. */
  readonly nobody?: NobodyView
}

/** `completion`: of the sessions that reached the first step; `change` is present if the page compares. */
export type FunnelView = {
  readonly chart: BarRowsView
  readonly completion: RateView
  readonly change?: ChangeView
}

export function FlowPage({ account, view }: PageProps<FlowView>) {
  const { frame, map, funnel, trend, fixFirst, breakdown, timeToConvert, everybody, nobody } = view
  return (
    <FlowFrame account={account} frame={frame}>
      {nobody ? (
        <NobodyCard nobody={nobody} />
      ) : (
        <>
          <Headline view={view} />
          {!funnel && <p class="hint">The config has no such flow any more, so there are no steps.</p>}
          <Card id="the-map" heading={withNote('Map', 'visits, not people; where they go, and where they end')}>
            <ScreenMap chart={map} />
          </Card>
          {funnel && <Funnel funnel={funnel} />}
          {everybody && (
            <p class="hint">
              What to fix first, who completes and how long people take are known only of everybody together:{' '}
              <a href={everybody}>show it without the choice</a>.
            </p>
          )}
          {fixFirst && (
            <Card id="fix-first" heading={withNote('What to fix first', 'by the completions that it costs')}>
              <FixFirst view={fixFirst} />
            </Card>
          )}
          <Card id="trend" heading={withNote('Completion by day', 'of those decided')}>
            <LineChart chart={trend} />
          </Card>
          {breakdown && (
            <Card id="breakdown" heading="Who completes">
              <Breakdown view={breakdown} />
            </Card>
          )}
          {timeToConvert && (
            <Card
              id="convert"
              heading={withNote('Time to convert', 'from the first request to the one that completed')}
            >
              <Distribution chart={timeToConvert} />
            </Card>
          )}
        </>
      )}
    </FlowFrame>
  )
}

const Funnel = ({ funnel: { chart, completion, change } }: { readonly funnel: FunnelView }) => (
  <Card id="funnel" heading={withNote('Funnel', 'how far people get, and where they are lost')}>
    <BarRows chart={chart} />
    <p class="card-footer text-secondary">
      Of those that reached the first step, <RateText rate={completion} /> completed
      {change && (
        <>
          {': '}
          <ChangeText change={change} />
        </>
      )}
      .
    </p>
  </Card>
)

function Headline({ view }: { readonly view: FlowView }) {
  const { sessions, completion, open, worst, slowest, notStarted, lostAfter } = view
  return (
    <>
      <dl class="card figures">
        <Figure label="Sessions" note={notStarted > 0 && `${notStarted} never reached the first step`}>
          <NumberOf {...sessions} />
        </Figure>
        <Figure label="Completed">
          <RateText rate={completion} />
        </Figure>
        {worst && (
          <Figure label="Most are lost at" note={<StepName of={worst.step} />}>
            <RateText rate={worst.lost} isShort />
          </Figure>
        )}
        {slowest && (
          <Figure label="Takes people longest" note={<ScreenName of={slowest.screen} href={slowest.href} />}>
            {slowest.time}
          </Figure>
        )}
      </dl>
      {open.count > 0 && (
        <p class="hint">
          <NumberOf {...open} /> {open.count === 1 ? 'is' : 'are'} still open: last seen less than {lostAfter} ago. They
          count neither as completed nor as lost, so these numbers will change.
        </p>
      )}
    </>
  )
}
