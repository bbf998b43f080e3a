import type { Json } from '../lib/json.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { createDocuments } from '../store/sqlite/documents.ts'
import { layoutOf, SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { readDatabase } from './read-database.ts'

/** A small document of the store, which is neither opened nor changed. Undefined where there is none, or the store cannot be read. */
export async function readDocument(uri: string, kind: string, key: string, now: number): Promise<Json | undefined> {
  const file = sqliteFileOf(uri)
  if (file === undefined) {
    // Loads the driver only if needed.
    const { documentIn } = await import('../store/mongo/probe.ts')
    return documentIn(uri, kind, key, now).catch(() => undefined)
  }
  const reading = await readDatabase(file, (db) =>
    layoutOf(db) === SQLITE_LAYOUT ? createDocuments(db).getDocument(kind, key, now) : undefined,
  )
  return reading.kind === 'read' ? reading.value : undefined
}
