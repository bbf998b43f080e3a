/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { TimelineEntry } from '../../src/admin/pages/timeline.ts'
import type { TrailError } from '../../src/trail/event.ts'
import { OutcomeBadge } from './badges.tsx'
import { Icon } from './icons.tsx'
import { Time } from './time.tsx'
import { Value } from './value.tsx'

export function Timeline({ moments }: { readonly moments: readonly TimelineEntry[] }): JSX.Element {
  return (
    <ol class="trail">
      {moments.map((moment) => (
        <li class={`moment moment-${moment.outcome}${moment.isRepeat ? ' moment-repeat' : ''}`}>
          <div class="moment-when">
            <Time when={moment.at} />
            <span class="text-secondary">{moment.since}</span>
          </div>
          <MomentBody moment={moment} />
        </li>
      ))}
    </ol>
  )
}

function MomentBody({ moment }: { readonly moment: TimelineEntry }): JSX.Element {
  return (
    <div class="moment-body">
      <div class="moment-head">
        <span class="moment-action">{ACTIONS[moment.action]}</span>
        {moment.screen && <span class="screen">{moment.screen}</span>}
        {moment.next !== moment.screen && moment.next !== '' && (
          <>
            <Icon name="arrow" />
            <span class="screen">{moment.next}</span>
          </>
        )}
        <OutcomeBadge outcome={moment.outcome} />
        {moment.isRepeat && (
          <span class="word word-repeat" title="The same request again; counted as an attempt, not as a step">
            repeat
          </span>
        )}
        {moment.trigger && <span class="word">{moment.trigger}</span>}
      </div>
      {moment.inputs.length > 0 && (
        <dl class="inputs">
          {moment.inputs.map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>
                <Value value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {moment.errors.length > 0 && <Errors errors={moment.errors} />}
      <p class="moment-foot">
        {[moment.dwell && `after ${moment.dwell} on the screen`, `answered in ${moment.cost}`, moment.sizes]
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
