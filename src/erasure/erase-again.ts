// Erases what a restore has brought back. Of the people nothing is known but keyed hashes, so that everything is looked at.

import { pagesOf } from '../store/cursor.ts'
import type { Erased, Store, Token } from '../store/store.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { isTracked } from '../trail/event.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { Hashes } from './hashes.ts'
import { removeItems, removeToken } from './remove.ts'
import type { Erasing, Tombstones } from './tombstones.ts'

type Deps = {
  readonly store: Pick<Store, 'events' | 'sessions' | 'sharedTokens' | 'eraseToken' | 'eraseItems' | 'removeSealed'>
  readonly tombstones: Pick<Tombstones, 'all' | 'erasedBy' | 'add'>
  readonly hashes: Hashes
  readonly rules: SessionRulebook
}

const PAGE = 500

type Item = Token & { readonly id: string }

/** While nobody else records. Can be repeated. */
export async function eraseAgain(deps: Deps): Promise<Erased> {
  const done = { events: 0, sessions: 0 }
  const { store, tombstones, hashes } = deps
  if (tombstones.all.size === 0) return done
  const { tokens, events, sessions } = await findErased(deps)
  const shared = new Set((await store.sharedTokens([...tokens.values()])).map(tokenKeyOf))
  for (const { flow, token, at } of tokens.values()) {
    if (shared.has(tokenKeyOf({ flow, token }))) continue
    // What arrives of it later, from the journal, goes too.
    await tombstones.add([{ hash: hashes.ofToken(flow, token), at }])
    for await (const some of removeToken({ flow, token }, at, deps)) add(done, some)
  }
  const isLeft = (item: Item) => !tokens.has(tokenKeyOf(item)) || shared.has(tokenKeyOf(item))
  const left = { events: events.filter(isLeft), sessions: sessions.filter(isLeft) }
  for await (const some of removeItems(left, deps)) add(done, some)
  return done
}

async function findErased({ store, tombstones }: Deps) {
  const until = Math.max(...tombstones.all.values()) + 1
  const tokens = new Map<string, Token & { at: number }>()
  const events: Item[] = []
  const sessions: Item[] = []
  const meet = ({ id, flow, token }: Item, { at }: Erasing, items: Item[]) => {
    items.push({ id, flow, token })
    if (!isTracked(token)) return
    const known = tokens.getOrInsertComputed(tokenKeyOf({ flow, token }), () => ({ flow, token, at }))
    known.at = Math.max(known.at, at)
  }
  for await (const page of pagesOf((after) => store.events({ until, limit: PAGE, ...after })))
    for (const event of page) {
      const erased = tombstones.erasedBy(event)
      if (erased) meet(event, erased, events)
    }
  const ofSessions = { until, limit: PAGE, now: until, lostAfterMs: 0 }
  for await (const page of pagesOf((after) => store.sessions({ ...ofSessions, ...after })))
    for (const session of page) {
      const erased = tombstones.erasedBy({ ...session, at: session.startedAt, input: session.choices })
      if (erased) meet(session, erased, sessions)
    }
  return { tokens, events, sessions }
}

function add(done: { events: number; sessions: number }, { events, sessions }: Erased): void {
  done.events += events
  done.sessions += sessions
}
