// What a request leads to, before it is written as a reply.

import type { JsonObject } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { ApiAnswer } from './call-api.ts'
import type { Decision } from './reply.ts'
import type { Shown } from './show-screen.ts'

export type Made = Decision & {
  readonly kind: 'made'
  /** What the screen was sent with, as far as it is not the same each time. */
  readonly sent?: JsonObject
  /** If they changed. */
  readonly vars?: JsonObject
  /** What need not be asked again when the person tries again. */
  readonly answers?: { readonly [name: string]: ApiAnswer }
  /** The name of the exchange that was made. */
  readonly exchange?: string
  /** The plaintext, if it was written before. */
  readonly text?: string
  /** Where there is no screen to show: the phone offers to try again. */
  readonly status?: 503
}

/** The flow ends without a completion. `message`: for the person. */
export type Closed = {
  readonly kind: 'closed'
  readonly message: string
  readonly errors: readonly TrailError[]
  readonly upstreamMs: number
  readonly answers?: Made['answers']
}

export const shownAs = ({ screen, data, sent, ends, errors, waitedMs }: Shown): Made => ({
  kind: 'made',
  outcome: ends === 'completed' ? 'completed' : 'shown',
  next: screen,
  data,
  sent,
  errors,
  upstreamMs: waitedMs,
})

/** The same screen again, with a sentence. */
export const refused = (shown: Shown, error_message: string, refusals: readonly TrailError[]): Made => ({
  ...shownAs(shown),
  outcome: 'rejected',
  data: { ...shown.data, error_message },
  errors: [...refusals, ...shown.errors],
})

/** The same screen again, because of us or of an API. */
export const failed = (shown: Shown, failureMessage: string, errors: readonly TrailError[]): Made => ({
  ...refused(shown, failureMessage, errors),
  outcome: 'failed',
})
