/** @jsxImportSource preact */
import { Icon } from './icons.tsx'
import { type LocalTime, Time } from './time.tsx'

/** What an owner does once, until the first person opens the flow. */
export type FirstStepsView = {
  readonly steps: readonly FirstStep[]
  /** Somebody has opened a flow: the page has numbers now. */
  readonly isDone: boolean
}

export type FirstStep = {
  readonly title: string
  readonly state: 'done' | 'waiting' | 'wrong'
  readonly text: string
  /** To copy. */
  readonly code?: readonly string[]
  readonly at?: LocalTime
}

export function FirstSteps({ view: { steps, isDone } }: { readonly view: FirstStepsView }) {
  return (
    <div id="first-steps" hx-get="/admin/first-steps" hx-trigger="tick" hx-swap="outerMorph" data-every="2">
      {isDone && (
        <p class="card-body">
          <strong>The first request is there.</strong> <a href="/admin">Show the overview</a>
        </p>
      )}
      <ol class="first-steps">
        {steps.map(({ title, state, text, code = [], at }) => (
          <li class={`first-step first-step-${state}`}>
            <Icon name={ICONS[state]} />
            <div>
              <h2>
                {title} <span class="text-secondary">{STATES[state]}</span>
              </h2>
              <p>
                {text}
                {at && (
                  <>
                    {' '}
                    <Time time={at} />
                  </>
                )}
              </p>
              {code.map((line) => (
                <code class="endpoint">{line}</code>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}

const ICONS = { done: 'check', waiting: 'arrow', wrong: 'warning' } as const
const STATES = { done: 'done', waiting: 'waiting', wrong: 'not right' } as const
