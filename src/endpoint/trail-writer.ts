// Makes the event of an answered request, and writes it down.

import type { FlowAnswer } from '../flow/answer.ts'
import type { Flow } from '../flow/definition.ts'
import type { Log } from '../lib/log.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import type { PolicyRules } from '../privacy/field-policy.ts'
import { eventOf } from '../privacy/stored-event.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Activity } from './activity.ts'
import type { Learning } from './learning.ts'
import type { SentOptions } from './sent-options.ts'

type Exchange = {
  readonly request: FlowRequest
  readonly answered: FlowAnswer & { readonly kind: 'reply' }
  readonly measured: Parameters<typeof eventOf>[4]
}

export type TrailWriter = {
  /** Learns from the exchange, and remembers which options were sent with it. */
  eventOf(flow: Flow, exchange: Exchange): TrailEvent
  /** Resolves when the event is on the disk, or after JOURNAL_TIMEOUT_MS. Never rejects. */
  write(event: TrailEvent, session?: SealedSession): Promise<void>
}

type TrailWriterDeps = {
  readonly policy: Omit<PolicyRules, 'wasSent'>
  readonly sent: SentOptions
  readonly learning: Learning
  readonly activity: Pick<Activity, 'noteEvent'>
  /** Resolves when the event is in the journal. */
  readonly append: (event: TrailEvent, session?: SealedSession) => Promise<void>
  readonly log: Log
}

/** After this time we reply without waiting for the disk. */
const JOURNAL_TIMEOUT_MS = 2_000

export function createTrailWriter({ policy, sent, learning, activity, append, log }: TrailWriterDeps): TrailWriter {
  const rules = { ...policy, wasSent: sent.has }
  return {
    eventOf(flow, { request, answered, measured }) {
      const event = eventOf(learning.note(flow, request, answered), request, answered, rules, measured)
      sent.add(flow.key, answered.options ?? [])
      return event
    },
    async write(event, session) {
      activity.noteEvent(event)
      // The ledger counts events that could not be written.
      const written = append(event, session).catch((error: unknown) => {
        log.error(
          { err: error, event: event.id },
          'the event could not be journaled; the user is answered all the same',
        )
      })
      await answeredWithin(JOURNAL_TIMEOUT_MS, written)
    },
  }
}
