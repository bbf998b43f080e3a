/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { PageProps } from '../layout.tsx'
import { Breakdown, type BreakdownView } from '../parts/breakdown.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { FixFirst, type FixFirstView } from '../parts/fix-first.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { FunnelRows, type FunnelView } from '../parts/funnel-rows.tsx'
import { NoSessions } from '../parts/no-sessions.tsx'
import {
  ChangeText,
  type ChangeView,
  Figure,
  type LinkedNumber,
  NumberOf,
  RateText,
  type RateView,
} from '../parts/rate.tsx'

export type FlowView = {
  readonly frame: FlowFrameView
  readonly sessions: LinkedNumber
  readonly completion: RateView
  /** Present if the page compares. */
  readonly change?: ChangeView
  readonly open: LinkedNumber
  readonly worst?: { readonly name: string; readonly href: string; readonly lost: RateView }
  readonly slowest?: { readonly screen: string; readonly href: string; readonly time: string }
  /** Sessions that never reached the first step. */
  readonly notStarted: number
  readonly lostAfter: string
  readonly funnel: FunnelView
  /** Both are absent on the page of one choice. */
  readonly fixFirst?: FixFirstView
  readonly breakdown?: BreakdownView
  /** The page without filters. */
  readonly unfiltered: string
}

export function FlowPage({ account, view }: PageProps<FlowView>): JSX.Element {
  const { frame, sessions, funnel, fixFirst, breakdown, unfiltered } = view
  return (
    <FlowFrame account={account} frame={frame}>
      {sessions.count === 0 ? (
        <section class="card" aria-label="No sessions">
          <NoSessions isFiltered endpoints={[]} clear={unfiltered} />
        </section>
      ) : (
        <>
          <Headline view={view} />
          <Card id="funnel" heading={withNote('Funnel', 'how far people get, and where they are lost')}>
            <FunnelRows funnel={funnel} />
          </Card>
          {fixFirst && (
            <Card id="fix-first" heading={withNote('What to fix first', 'by the completions that it costs')}>
              <FixFirst view={fixFirst} />
            </Card>
          )}
          {breakdown && (
            <Card id="breakdown" heading="Who completes">
              <Breakdown view={breakdown} />
            </Card>
          )}
        </>
      )}
    </FlowFrame>
  )
}

function Headline({ view }: { readonly view: FlowView }): JSX.Element {
  const { sessions, completion, change, open, worst, slowest, notStarted, lostAfter } = view
  return (
    <>
      <dl class="card figures">
        <Figure label="Sessions" note={notStarted > 0 && `${notStarted} never reached the first step`}>
          <NumberOf {...sessions} />
        </Figure>
        <Figure label="Completed" note={change && <ChangeText change={change} />}>
          <RateText rate={completion} />
        </Figure>
        {worst && (
          <Figure
            label="Most are lost at"
            note={
              <a class="screen" href={worst.href}>
                {worst.name}
              </a>
            }
          >
            <RateText rate={worst.lost} isShort />
          </Figure>
        )}
        {slowest && (
          <Figure
            label="Takes people longest"
            note={
              <a class="screen" href={slowest.href}>
                {slowest.screen}
              </a>
            }
          >
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
