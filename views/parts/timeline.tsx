/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { TrailError, TrailEvent } from '../../src/trail/event.ts'
import { Badge } from './badges.tsx'
import { Icon } from './icons.tsx'
import { type LocalTime, Time } from './time.tsx'
import { type NamedValues, Values } from './value.tsx'

/** One event of a session. */
export type TimelineEntry = Pick<TrailEvent, 'action' | 'screen' | 'next' | 'outcome' | 'trigger' | 'errors'> & {
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
}

export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }): JSX.Element {
  return (
    <ol class="event-list">
      {entries.map((entry) => (
        <li class={`event event-${entry.outcome}${entry.isRepeat ? ' event-repeat' : ''}`}>
          <div class="event-time">
            <Time time={entry.time} />
            <span class="text-secondary">{entry.since}</span>
          </div>
          <EntryBody entry={entry} />
        </li>
      ))}
    </ol>
  )
}

function EntryBody({ entry }: { readonly entry: TimelineEntry }): JSX.Element {
  return (
    <div class="event-body">
      <div class="event-head">
        <span class="event-action">{ACTIONS[entry.action]}</span>
        {entry.screen && <span class="screen">{entry.screen}</span>}
        {entry.next !== entry.screen && entry.next !== '' && (
          <>
            <Icon name="arrow" />
            <span class="screen">{entry.next}</span>
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
    </div>
  )
}

function Errors({ errors }: { readonly errors: readonly TrailError[] }): JSX.Element {
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
