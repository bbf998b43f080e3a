/** @jsxImportSource preact */
import type { TrailEvent } from '../../src/trail/event.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Badge } from '../parts/badges.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { Icon } from '../parts/icons.tsx'
import { LiveNote } from '../parts/live-note.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { Table, wideOnly } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type LiveView = {
  readonly since: LocalTime
  readonly flows: readonly {
    readonly flow: string
    readonly href: string
    readonly people: number
    readonly screens: readonly { readonly screen: ScreenNameView; readonly href: string; readonly people: number }[]
  }[]
  readonly newest: readonly LiveEvent[]
}

type LiveEvent = Pick<TrailEvent, 'flow' | 'action' | 'outcome'> & {
  /** Their ids may be empty. */
  readonly screen: ScreenNameView
  readonly next: ScreenNameView
  readonly time: LocalTime
  readonly took: string
}

export function LivePage({ account, view }: PageProps<LiveView>) {
  return (
    <Layout title="Live" account={account} area="live" isLive>
      <h1 class="page-heading">
        Live <LiveNote />
      </h1>
      <LiveParts view={view} />
    </Layout>
  )
}

/** What changes. */
export function LiveParts({ view: { since, flows, newest } }: { readonly view: LiveView }) {
  return (
    <div id="live" hx-get="/admin/live" hx-trigger="tick" hx-swap="outerMorph" data-every="2">
      {flows.map(({ flow, href, people, screens }) => (
        <Card id={`live-${flow}`} heading={<a href={href}>{flow}</a>}>
          {people === 0 ? (
            <p class="card-body text-secondary">Nobody was active in the last ten minutes.</p>
          ) : (
            <ul class="present">
              {screens.map((screen) => (
                <li>
                  <span class="present-count">{whole(screen.people)}</span>{' '}
                  <ScreenName of={screen.screen} href={screen.href} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      ))}
      <Card id="newest" heading={withNote('The newest requests', `of this process, since ${since.text}`)}>
        {newest.length === 0 ? (
          <p class="card-body text-secondary">None yet.</p>
        ) : (
          <Table
            caption="The newest requests"
            columns={COLUMNS}
            rows={newest.map((event) => [
              <Time time={event.time} />,
              event.flow,
              ACTIONS[event.action],
              <>
                <ScreenName of={event.screen} />
                {event.next.id !== '' && event.next.id !== event.screen.id && (
                  <>
                    {' '}
                    <Icon name="arrow" /> <ScreenName of={event.next} />
                  </>
                )}
              </>,
              <Badge of={event.outcome} />,
              event.took,
            ])}
          />
        )}
      </Card>
    </div>
  )
}

const COLUMNS = [
  ...['When', wideOnly('Flow'), 'What', 'Screen', 'Outcome'],
  { label: 'Answered in', class: 'number wide-only' },
]

const ACTIONS: { readonly [action in LiveEvent['action']]: string } = {
  init: 'opened',
  submit: 'submitted',
  back: 'back',
  client_error: 'error',
}
