import type { Erased, ErasedItems, Store, Token } from '../store/store.ts'
import type { SessionRulebook } from '../trail/session.ts'

type Deps = {
  readonly store: Pick<Store, 'eraseToken' | 'eraseItems' | 'removeSealed'>
  readonly rules: SessionRulebook
}

/** Of one step: some milliseconds on SQLite, for which others wait. */
const AT_ONCE = 500

/** All that there is of a token up to an instant, step by step. */
export async function* removeToken(token: Token, upTo: number, { store, rules }: Deps): AsyncGenerator<Erased> {
  await store.removeSealed(token, upTo)
  for (;;) {
    const erased = await store.eraseToken(token, upTo, AT_ONCE, rules)
    if (erased.events + erased.sessions === 0) return
    yield erased
  }
}

export async function* removeItems({ events, sessions }: ErasedItems, { store, rules }: Deps): AsyncGenerator<Erased> {
  for (let from = 0; from < Math.max(events.length, sessions.length); from += AT_ONCE) {
    const some = { events: events.slice(from, from + AT_ONCE), sessions: sessions.slice(from, from + AT_ONCE) }
    yield await store.eraseItems(some, rules)
  }
}
