/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'

type CardProps = {
  /** The id of the heading. */
  readonly id: string
  readonly heading: ComponentChildren
  readonly isNarrow?: true
  readonly children: ComponentChildren
}

/** A section of a page. */
export function Card({ id, heading, isNarrow, children }: CardProps) {
  return (
    <section class={isNarrow ? 'card narrow-card' : 'card'} aria-labelledby={id}>
      <h2 class="card-heading" id={id}>
        {heading}
      </h2>
      {children}
    </section>
  )
}

/** A heading with a note in a lighter colour. */
export const withNote = (heading: string, note: string) => (
  <>
    {heading} <span class="text-secondary">{note}</span>
  </>
)
