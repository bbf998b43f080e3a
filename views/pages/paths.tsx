/** @jsxImportSource preact */
import { ScreenMap } from '../charts/screen-map/map.tsx'
import type { ScreenMapView } from '../charts/screen-map/view.ts'
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { NobodyCard, type NobodyView } from '../parts/no-sessions.tsx'
import { type LinkedNumber, NumberOf } from '../parts/rate.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { numeric, Table } from '../parts/table.tsx'

export type PathsView = {
  readonly frame: FlowFrameView
  readonly sessions: number
  readonly map: ScreenMapView
  readonly screens: readonly PathScreenRow[]
  readonly links: readonly PathLinkRow[]
  /** Present where nobody came. */
  readonly nobody?: NobodyView
}

export type PathScreenRow = {
  readonly screen: ScreenNameView
  readonly href: string
  /** The paths from here, and up to here. */
  readonly after: string
  readonly before: string
  readonly sessions: LinkedNumber
  readonly entries: number
  readonly in: number
  readonly out: number
  readonly loops: LinkedNumber
  readonly wentOn: number
  readonly completed: LinkedNumber
  readonly open: LinkedNumber
  readonly lost: LinkedNumber
}

type PathLinkRow = LinkedNumber & { readonly from: ScreenNameView; readonly to: ScreenNameView }

export function PathsPage({ account, view }: PageProps<PathsView>) {
  const { frame, nobody } = view
  return (
    <FlowFrame account={account} title="Paths" frame={frame}>
      {nobody ? <NobodyCard nobody={nobody} /> : <Cards view={view} />}
    </FlowFrame>
  )
}

function Cards({ view: { sessions, map, screens, links } }: { readonly view: PathsView }) {
  const goesOn = screens.some(({ wentOn }) => wentOn > 0)
  return (
    <>
      <Card id="the-map" heading={withNote('Map', `${whole(sessions)} sessions; visits, not people`)}>
        <ScreenMap chart={map} />
      </Card>
      <Card id="screens" heading={withNote('Screens', `${whole(sessions)} sessions; visits, not people`)}>
        <Table
          caption="What goes into each screen, and what becomes of it"
          columns={[
            'Screen',
            ...['Sessions', 'Begun', 'Came in', 'Went out', ...(goesOn ? ['Went on'] : [])].map(numeric),
            ...['Completed', 'Open', 'Lost', 'Loops'].map(numeric),
          ]}
          rows={screens.map((row) => [
            <>
              <ScreenName of={row.screen} href={row.href} withId />
              <div class="row-links">
                <a href={row.before}>up to here</a> · <a href={row.after}>from here</a>
              </div>
            </>,
            <NumberOf {...row.sessions} />,
            ...[row.entries, row.in, row.out, ...(goesOn ? [row.wentOn] : [])].map((count) => (
              <NumberOf count={count} />
            )),
            ...[row.completed, row.open, row.lost, row.loops].map((count) => <NumberOf {...count} />),
          ])}
          isListOnPhone
        />
        <p class="card-footer text-secondary">
          Begun + came in = went out{goesOn ? ' + went on' : ''} + completed + open + lost. A screen right after itself
          is a loop, and counts for neither.
        </p>
      </Card>
      <Card id="links" heading={withNote('From screen to screen', 'the most frequent first')}>
        <Table
          caption="From screen to screen"
          columns={['From', 'To', numeric('Visits')]}
          rows={links.map(({ from, to, ...visits }) => [
            <ScreenName of={from} />,
            <ScreenName of={to} />,
            <NumberOf {...visits} />,
          ])}
        />
      </Card>
    </>
  )
}
