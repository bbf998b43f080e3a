/** @jsxImportSource preact */
// Endings and outcomes: each word has the same colour on every page.

import type { JSX } from 'preact'
import type { Outcome } from '../../src/trail/event.ts'
import type { Ending } from '../../src/trail/session.ts'

export function EndingBadge({ ending }: { readonly ending: Ending }): JSX.Element {
  return <span class={`pill pill-${ending}`}>{ending}</span>
}

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }): JSX.Element {
  return <span class={`pill pill-${outcome}`}>{outcome}</span>
}
