/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { StepEnd } from '../../src/trail/session.ts'
import { counted } from './count.ts'

export type StepView = {
  readonly screen: string
  /** We did not send the screen; a request came from it. */
  readonly isInferred: boolean
  /** How long the person had it; empty where unknown. */
  readonly dwell: string
  /** `left`: the person never came back. `open`: they still may. */
  readonly end: StepEnd | 'left' | 'open'
  /** Refused fields, each time counted. */
  readonly refusals: number
  readonly errors: number
}

/** The way from screen to screen, in one strip. */
export function Steps({ steps }: { readonly steps: readonly StepView[] }): JSX.Element {
  return (
    <ol class="steps-strip">
      {steps.map((step) => (
        <li class={`step step-${step.end}${step.isInferred ? ' step-inferred' : ''}`}>
          <span class="screen">{step.screen}</span>
          <span class="step-note">{noteOf(step)}</span>
          {step.refusals > 0 && <span class="step-note is-bad">{counted(step.refusals, 'refusal')}</span>}
          {step.errors > 0 && <span class="step-note is-bad">{counted(step.errors, 'error')}</span>}
        </li>
      ))}
    </ol>
  )
}

const ENDS: { readonly [end in StepView['end']]: string } = {
  submitted: 'submitted',
  completed: 'completed',
  back: 'went back',
  reopened: 'opened again',
  moved: 'moved on',
  left: 'left here',
  open: 'is here',
}

const noteOf = (step: StepView): string =>
  [step.dwell, ENDS[step.end], step.isInferred ? 'not sent by us' : ''].filter((part) => part !== '').join(' · ')
