// Where the numbers go on counting somebody who was erased, because what they were computed from is not there any more.

import { type Frozen, NEVER } from '../store/frozen.ts'
import type { Store, Token } from '../store/store.ts'
import type { Items } from './find.ts'

export type InstantSpan = { readonly from: number; readonly until: number }

export function createFrozenSpan({ eventsBefore, sessionsBefore }: Frozen, known?: InstantSpan) {
  let { from, until } = known ?? { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY }
  const add = (at: number) => {
    from = Math.min(from, at)
    until = Math.max(until, at)
  }
  return {
    /** What the token has up to `upTo`, before it is removed. */
    async addToken(token: Token, upTo: number, store: Pick<Store, 'eventsOf' | 'sessionsOf'>): Promise<void> {
      if (eventsBefore === NEVER) return
      for (const { at } of await store.eventsOf(token.flow, token.token)) if (at <= upTo && at < eventsBefore) add(at)
      for (const { startedAt } of await store.sessionsOf([token]))
        if (startedAt <= upTo && startedAt < sessionsBefore) add(startedAt)
    },

    addItems({ events, sessions }: Items): void {
      for (const { at } of events) if (at < eventsBefore) add(at)
      for (const { at } of sessions) if (at < sessionsBefore) add(at)
    },

    span: (): InstantSpan | undefined => (from <= until ? { from, until } : undefined),
  }
}
