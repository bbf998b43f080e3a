/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'

type ScrollProps = { readonly class: string; readonly label: string; readonly children: ComponentChildren }

/** A part of the page that scrolls to the side, by keyboard, too. A group, since a page with many landmarks has none. */
export function Scroll({ class: name, label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class={name} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
