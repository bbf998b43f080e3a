import type { Database } from 'bun:sqlite'
import type { Json } from '../../lib/json.ts'
import type { Document } from '../store.ts'

export type Documents = {
  get(kind: string, key: string, now: number): Json | undefined
  put(document: Document, options: { now: number; onlyIfAbsent?: boolean }): boolean
  /** How many were there. */
  remove(kind: string, key?: string): number
}

export function createDocuments(db: Database): Documents {
  const get = db.prepare<{ value: string }, [string, string, number]>(
    'SELECT value FROM documents WHERE kind = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)',
  )
  const clear = db.prepare<unknown, [number]>('DELETE FROM documents WHERE expires_at <= ?')
  const put = db.prepare<unknown, [string, string, string, number | null, number]>(`
    INSERT INTO documents (kind, key, value, expires_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at WHERE NOT ?`)
  const removeOne = db.prepare<unknown, [string, string]>('DELETE FROM documents WHERE kind = ? AND key = ?')
  const removeKind = db.prepare<unknown, [string]>('DELETE FROM documents WHERE kind = ?')

  return {
    get(kind, key, now) {
      const row = get.get(kind, key, now)
      return row ? (JSON.parse(row.value) as Json) : undefined
    },

    put: db.transaction(({ kind, key, value, expiresAt }, { now, onlyIfAbsent = false }) => {
      clear.run(now)
      return put.run(kind, key, JSON.stringify(value), expiresAt ?? null, Number(onlyIfAbsent)).changes > 0
    }).immediate,

    remove: (kind, key) => (key === undefined ? removeKind.run(kind) : removeOne.run(kind, key)).changes,
  }
}
