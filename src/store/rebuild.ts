// Derives every session again from its events, page by page.

import type { SessionRulebook } from '../trail/session.ts'
import type { Cursor, Rederived, Store } from './store.ts'

/** The work so far. With `after` there is more, from there on. */
export type RebuildProgress = Rederived & { readonly trails: number; readonly after?: Cursor }

/** Trails per page. A page locks a SQLite file for some ten milliseconds, and is what a killed process loses. */
const PAGE = 200

/** Yields after each page. `from`: where an earlier one ended. */
export async function* rebuild(
  store: Store,
  rules: SessionRulebook,
  { from, dryRun }: { readonly from: RebuildProgress; readonly dryRun: boolean },
): AsyncGenerator<RebuildProgress> {
  let done = from
  do {
    const { items, next } = await store.trails({ limit: PAGE, ...(done.after !== undefined && { after: done.after }) })
    const page = await store.rederive(items, rules, { dryRun })
    done = {
      trails: done.trails + items.length,
      events: done.events + page.events,
      sessions: done.sessions + page.sessions,
      changed: done.changed + page.changed,
      ...(next !== undefined && { after: next }),
    }
    yield done
  } while (done.after !== undefined)
}
