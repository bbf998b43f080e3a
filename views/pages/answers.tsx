/** @jsxImportSource preact */
import type { PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'
import { numeric, Table } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type AnswersView = {
  readonly frame: FlowFrameView
  readonly servers: readonly {
    /** What it answers. */
    readonly of: string
    readonly by: 'tap' | 'forward'
    readonly host: string
    /** Whether it is left alone right now. */
    readonly isSpared: boolean
  }[]
  readonly learned?: {
    readonly found: string
    readonly isEmpty: boolean
    readonly yaml: string
    readonly download: string
    readonly command: string
  }
  readonly comparison?: {
    readonly since: LocalTime
    readonly compared: number
    readonly same: number
    readonly differences: readonly ComparedView[]
    readonly skipped: readonly ComparedView[]
  }
}

export type ComparedView = {
  /** After which screen, on which action; one of them may be left out. */
  readonly screen?: ScreenNameView
  readonly screenHref?: string
  readonly action?: string
  readonly name: string
  readonly found?: string
  readonly count: number
  readonly newest: { readonly time: LocalTime; readonly href: string }
}

export function AnswersPage({ account, view }: PageProps<AnswersView>) {
  const { frame, servers, learned, comparison } = view
  return (
    <FlowFrame account={account} title="Answers" frame={frame}>
      <Card id="servers" heading="Who answers">
        <ul class="findings">
          {servers.map(({ of, by, host, isSpared }) => (
            <li>
              <p>
                {by === 'tap' ? 'Your endpoint at ' : 'Your server at '}
                <code>{host}</code> answers {of}
                {by === 'tap' ? '; requests and replies pass through unchanged.' : ', asked in plain JSON.'}
              </p>
              {isSpared && (
                <p class="text-danger">
                  It failed several times in a row and is left alone for some seconds; people are told so at once.
                </p>
              )}
            </li>
          ))}
        </ul>
      </Card>
      {comparison && <ComparisonCard comparison={comparison} />}
      {learned && <LearnedCard learned={learned} />}
    </FlowFrame>
  )
}

function ComparisonCard({ comparison }: { readonly comparison: NonNullable<AnswersView['comparison']> }) {
  const { since, compared, same, differences, skipped } = comparison
  return (
    <Card id="comparison" heading={withNote('Would the config have answered the same?', 'it does not answer yet')}>
      <p class="card-body">
        {whole(same)} of {whole(compared)} answers are the same since <Time time={since} />.
        {differences.length === 0 && compared > 0 && ' Nothing differs.'}
      </p>
      {differences.length > 0 && (
        <Table
          caption="Where it differs"
          columns={['After', 'What', 'Found', numeric('Times'), 'Newest']}
          rows={differences.map(rowOf)}
          isListOnPhone
        />
      )}
      {skipped.length > 0 && (
        <>
          <p class="card-body">No answer of its own, as nothing may be done twice:</p>
          <Table
            caption="What is not compared"
            columns={['After', 'Why', numeric('Times'), 'Newest']}
            rows={skipped.map(rowOf)}
            isListOnPhone
          />
        </>
      )}
    </Card>
  )
}

const rowOf = ({ screen, screenHref, action, name, found, count, newest }: ComparedView) => [
  <>
    {screen && <ScreenName of={screen} href={screenHref} />}
    {action !== undefined && ` ${action}`}
  </>,
  name,
  ...(found === undefined ? [] : [found]),
  whole(count),
  <a href={newest.href}>
    <Time time={newest.time} />
  </a>,
]

function LearnedCard({ learned }: { readonly learned: NonNullable<AnswersView['learned']> }) {
  const { found, isEmpty, yaml, download, command } = learned
  if (isEmpty)
    return (
      <Card id="learned" heading="What is learned">
        <p class="card-body">Nothing yet: nobody has opened the flow so far.</p>
      </Card>
    )
  return (
    <Card id="learned" heading={withNote('What is learned', found)}>
      <p class="card-body">
        Neither the config nor a Flow JSON has the screens of this flow, so they are learned from what passes: screens
        when they are sent, fields once three people sent them. As config, you can say more of them.{' '}
        <code>{command}</code> prints the same.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre class="config" tabIndex={0}>
        {yaml}
      </pre>
      <p class="card-footer">
        <a class="btn" href={download} download>
          Save as config
        </a>
      </p>
    </Card>
  )
}
