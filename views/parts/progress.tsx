/** @jsxImportSource preact */
import type { JSX } from 'preact'

type ProgressProps = { readonly reached: number; readonly of: number }

/** How far through the funnel: a bar of one piece per step, and the words. */
export function Progress({ reached, of }: ProgressProps): JSX.Element {
  const pieces = Math.min(of, SHOWN)
  return (
    <span class="progress-steps">
      <svg viewBox={`0 0 ${pieces * 10} 6`} width={pieces * 10} height="6" aria-hidden="true">
        {Array.from({ length: pieces }, (_, index) => (
          <rect
            x={index * 10}
            y="0"
            width="8"
            height="6"
            rx="1.5"
            class={index < reached ? 'step-done' : 'step-left'}
          />
        ))}
      </svg>
      <span>{`${reached} of ${of}`}</span>
    </span>
  )
}

/** A longer bar would be wider than its words are worth. */
const SHOWN = 12
