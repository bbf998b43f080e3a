/** @jsxImportSource preact */
import type { TrailError, TrailEvent } from '../../src/trail/event.ts'
import { Badge } from './badges.tsx'
import { Icon } from './icons.tsx'
import { ScreenName, type ScreenNameView } from './screen-name.tsx'
import { type LocalTime, Time } from './time.tsx'
import { type NamedValues, Values } from './value.tsx'

/** One event of a session. */
export type TimelineEntry = Pick<TrailEvent, 'action' | 'outcome' | 'trigger' | 'errors'> & {
  /** Their ids may be empty. */
  readonly screen: ScreenNameView
  readonly next: ScreenNameView
  readonly time: LocalTime
  /** Time since the session began: `+12 s`. */
  readonly since: string
  readonly isRepeat: boolean
  /** How long the person had the screen before this event; absent if unknown. */
  readonly dwell?: string
  readonly inputs: NamedValues
  /** `4.2 ms, of which 1.5 ms waiting for outside APIs` */
  readonly processing: string
  readonly sizes: string
  /** How long nothing came before this event, if it was long: `3.2 h`. */
  readonly gap?: string
  /** Milliseconds: the person had the screen, we worked, outside APIs did. */
  readonly spent: { readonly person: number; readonly us: number; readonly upstream: number }
}

export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const longest = Math.max(1, ...entries.map(({ spent }) => spent.person + spent.us + spent.upstream))
  return (
    <ol class="event-list">
      {entries.map((entry, index) => (
        <>
          {entry.gap && <li class="event-gap">{entry.gap} without a request</li>}
          <li class={`event event-${entry.outcome}${entry.isRepeat ? ' event-repeat' : ''}`} id={`m${index + 1}`}>
            <div class="event-time">
              <a href={`#m${index + 1}`} title="The address of this moment">
                {entry.since}
              </a>
              <Time time={entry.time} />
            </div>
            <div class="event-body">
              <EntryBody entry={entry} />
              <SpentBar spent={entry.spent} longest={longest} />
            </div>
          </li>
        </>
      ))}
    </ol>
  )
}

/** Whose time it was, on one scale for the session. */
function SpentBar({ spent: { person, us, upstream }, longest }: SpentProps) {
  const width = (ms: number) => (100 * ms) / longest
  return (
    <svg class="spent" height="6" width="100%" aria-hidden="true" focusable="false">
      <rect class="spent-person" height="6" width={`${width(person)}%`} />
      <rect class="spent-us" height="6" x={`${width(person)}%`} width={`${width(us)}%`} />
      <rect class="spent-upstream" height="6" x={`${width(person + us)}%`} width={`${width(upstream)}%`} />
    </svg>
  )
}

type SpentProps = { readonly spent: TimelineEntry['spent']; readonly longest: number }

function EntryBody({ entry }: { readonly entry: TimelineEntry }) {
  return (
    <>
      <div class="event-head">
        <span class="event-action">{ACTIONS[entry.action]}</span>
        {entry.screen.id !== '' && <ScreenName of={entry.screen} />}
        {entry.next.id !== entry.screen.id && entry.next.id !== '' && (
          <>
            <Icon name="arrow" />
            <ScreenName of={entry.next} />
          </>
        )}
        <Badge of={entry.outcome} />
        {entry.isRepeat && (
          <span class="pill pill-repeat" title="The same request again; counted as an attempt, not as a step">
            repeat
          </span>
        )}
        {entry.trigger && <span class="pill">{entry.trigger}</span>}
      </div>
      {entry.inputs.length > 0 && <Values values={entry.inputs} />}
      {entry.errors.length > 0 && <Errors errors={entry.errors} />}
      <p class="event-foot">
        {[entry.dwell && `after ${entry.dwell} on the screen`, `answered in ${entry.processing}`, entry.sizes]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </>
  )
}

function Errors({ errors }: { readonly errors: readonly TrailError[] }) {
  return (
    <ul class="errors">
      {errors.map((error) => (
        <li>
          <Icon name="warning" />
          <span>
            {error.field && <code>{error.field}</code>} {error.message ?? ''}{' '}
            <span class="text-secondary">{error.rule ? `${error.code}, rule ${error.rule}` : error.code}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

const ACTIONS: { readonly [action in TimelineEntry['action']]: string } = {
  init: 'Opened the flow',
  submit: 'Submitted',
  back: 'Went back from',
  client_error: 'The app reported an error on',
}
