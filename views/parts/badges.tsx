/** @jsxImportSource preact */
import type { Outcome } from '../../src/trail/event.ts'
import type { Ending } from '../../src/trail/session.ts'

/** An ending or an outcome. Each has the same colour on every page. */
export const Badge = ({ of }: { readonly of: Ending | Outcome }) => <span class={`pill pill-${of}`}>{of}</span>
