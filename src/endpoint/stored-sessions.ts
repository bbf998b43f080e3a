// What journal and store have of a session: what it said, sealed; where that is missing, what its events tell.

import type { Flow } from '../flow/definition.ts'
import { type LiveSession, recall, type Stored } from '../flow/live-session.ts'
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import type { StateSeal } from '../privacy/sealed-state.ts'
import { SEGMENT_EVENTS } from '../store/segment.ts'
import type { Store } from '../store/store.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { inOrder } from '../trail/derive-sessions.ts'

type Deps = {
  readonly flows: ReadonlyMap<string, Pick<Flow, 'eventsSuffice'>>
  readonly store: Pick<Store, 'sealedSession' | 'newestEventsOf'>
  readonly journal: Pick<Journal, 'sealedSession' | 'newestEventsOf'>
  readonly stateSeal: StateSeal
  readonly gapMs: number
  readonly clock: Clock
}

/** Where the journal has something, that goes without a store that takes longer. */
const STORE_MS = 300

/** The journal has what the store has not taken yet; something can be in both. Rejects where nobody knows. */
export function storedSessions({ flows, store, journal, stateSeal, gapMs, clock }: Deps) {
  const said = async (flow: string, token: string): Promise<LiveSession | undefined> => {
    const here = await journal.sealedSession(flow, token)
    const asked = store.sealedSession(flow, token, clock())
    const there = await (here ? answeredWithin(STORE_MS, asked) : asked)
    const newest = here && there ? (there.at > here.at ? there : here) : (here ?? there)
    return newest && stateSeal.open(newest.sealed, tokenKeyOf({ flow, token }))
  }
  return async (flow: string, token: string): Promise<Stored> => {
    const isSealed = flows.get(flow)?.eventsSuffice === false
    const session = isSealed ? await said(flow, token) : undefined
    if (session) return { session, isSealed }
    const events = await Promise.all([store, journal].map((place) => place.newestEventsOf(flow, token, SEGMENT_EVENTS)))
    return { session: recall(inOrder(events.flat()), gapMs), isSealed: false }
  }
}
