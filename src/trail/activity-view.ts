// What happens right now.

import type { TrailEvent } from './event.ts'

/** An event without anything that a person entered. */
export type EventHead = Pick<TrailEvent, 'at' | 'flow' | 'action' | 'screen' | 'next' | 'outcome' | 'processingMs'>

export type ActivityView = {
  /** When this process began to look. */
  readonly since: number
  /** Newest first. */
  readonly newest: readonly EventHead[]
  /** People by flow and screen. */
  readonly present: { readonly [flow: string]: { readonly [screen: string]: number } }
  /** When each flow was last seen doing so. */
  readonly lastPing: { readonly [flow: string]: number }
  readonly lastOpening: { readonly [flow: string]: number }
}
