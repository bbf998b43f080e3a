// What a store holds, as seen by whoever opens it.

import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { createLog } from '../src/lib/log.ts'
import { openQueryStore } from '../src/store/open.ts'

/** The ids of all its events, in order of time; one that is there twice is named twice. */
export async function storedIds(uri: string): Promise<string[]> {
  const store = await openQueryStore(uri, createLog('silent'))
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await store.events({ limit: 1_000, ...(after && { after }) })
    ids.push(...page.items.map((event) => event.id))
    after = page.next
  } while (after)
  await store.close()
  return ids
}

export type Found = { readonly stored: number; readonly lost: number; readonly doubled: number }

/** Lost is what was acknowledged and is not stored; doubled is what is stored more than once. */
export function compare(acknowledged: Iterable<string>, ids: readonly string[]): Found {
  const stored = new Set(ids)
  const lost = [...acknowledged].filter((id) => !stored.has(id)).length
  return { stored: stored.size, lost, doubled: ids.length - stored.size }
}

/** Nobody takes events from the journal to the SQLite file of the folder until this is undone. */
export function holdStore(folder: { readonly path: string }): () => void {
  const store = new Database(join(folder.path, 'data/screentrail.db'))
  store.run('PRAGMA busy_timeout = 5000')
  store.run('BEGIN IMMEDIATE')
  return () => store.close()
}
