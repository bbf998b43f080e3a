/** @jsxImportSource preact */
import { plural } from '../../src/lib/plural.ts'
import type { Step, StepEnd } from '../../src/trail/session.ts'
import { ScreenName, type ScreenNameView } from './screen-name.tsx'

export type ScreenVisit = {
  readonly screen: ScreenNameView
  readonly href: string
  readonly showing: Step['showing']
  /** How long the person had the screen; empty if unknown. */
  readonly dwell: string
  /** `left`: the person did not come back. `open`: the person may still come back. */
  readonly end: StepEnd | 'left' | 'open'
  /** Refused fields; a field that was refused twice counts twice. */
  readonly refusals: number
  readonly errors: number
}

/** The screens a person visited, in order. */
export function ScreenVisits({ visits }: { readonly visits: readonly ScreenVisit[] }) {
  return (
    <ol class="visits">
      {visits.map((visit) => (
        <li class={`visit visit-${visit.end}${visit.showing === 'seen' ? '' : ' visit-inferred'}`}>
          <ScreenName of={visit.screen} href={visit.href} withId />
          <span class="visit-note">{noteOf(visit)}</span>
          {visit.refusals > 0 && <span class="visit-note is-bad">{plural(visit.refusals, 'refusal')}</span>}
          {visit.errors > 0 && <span class="visit-note is-bad">{plural(visit.errors, 'error')}</span>}
        </li>
      ))}
    </ol>
  )
}

const ENDS: { readonly [end in ScreenVisit['end']]: string } = {
  submitted: 'submitted',
  completed: 'completed',
  back: 'went back',
  unseen_back: 'went back on the phone, which told nobody',
  reopened: 'opened again',
  moved: 'moved on',
  left: 'left here',
  open: 'is here',
}

const SHOWINGS: { readonly [showing in Step['showing']]: string } = {
  seen: '',
  inferred: 'not sent by us',
  returned: 'shown again by the phone',
}

const noteOf = ({ dwell, end, showing }: ScreenVisit): string =>
  [dwell, ENDS[end], SHOWINGS[showing]].filter((part) => part !== '').join(' · ')
