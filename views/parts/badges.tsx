/** @jsxImportSource preact */
// One word, and its colour everywhere.

import type { JSX } from 'preact'
import type { Outcome } from '../../src/trail/event.ts'
import type { Ending } from '../../src/trail/session.ts'

export function EndingBadge({ ending }: { readonly ending: Ending }): JSX.Element {
  return <span class={`word word-${ending}`}>{ending}</span>
}

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }): JSX.Element {
  return <span class={`word word-${outcome}`}>{outcome}</span>
}
