import type { Database } from 'bun:sqlite'
import type { Json } from '../../lib/json.ts'
import type { StoreCalls } from '../store.ts'

export function createDocuments(
  db: Database,
): StoreCalls<'getDocument' | 'documents' | 'putDocument' | 'deleteDocuments'> {
  const get = db.prepare<{ value: string }, [string, string, number]>(
    'SELECT value FROM documents WHERE kind = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)',
  )
  const all = db.prepare<{ key: string; value: string }, [string, number]>(
    'SELECT key, value FROM documents WHERE kind = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY key',
  )
  const clear = db.prepare<unknown, [number]>('DELETE FROM documents WHERE expires_at <= ?')
  const put = db.prepare<unknown, [string, string, string, number | null, number]>(`
    INSERT INTO documents (kind, key, value, expires_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at WHERE NOT ?`)
  const replace = db.prepare<unknown, [string, number | null, string, string, string]>(
    'UPDATE documents SET value = ?, expires_at = ? WHERE kind = ? AND key = ? AND value = ?',
  )
  const removeOne = db.prepare<unknown, [string, string]>('DELETE FROM documents WHERE kind = ? AND key = ?')
  const removeKind = db.prepare<unknown, [string]>('DELETE FROM documents WHERE kind = ?')

  return {
    getDocument(kind, key, now) {
      const row = get.get(kind, key, now)
      return row ? (JSON.parse(row.value) as Json) : undefined
    },

    documents: (kind, now) => all.all(kind, now).map(({ key, value }) => ({ key, value: JSON.parse(value) as Json })),

    putDocument: db.transaction(({ kind, key, value, expiresAt = null }, { now, onlyIfAbsent = false, onlyIf }) => {
      clear.run(now)
      const text = JSON.stringify(value)
      const { changes } =
        onlyIf === undefined
          ? put.run(kind, key, text, expiresAt, Number(onlyIfAbsent))
          : replace.run(text, expiresAt, kind, key, JSON.stringify(onlyIf))
      return changes > 0
    }).immediate,

    deleteDocuments: (kind, key) => (key === undefined ? removeKind.run(kind) : removeOne.run(kind, key)).changes,
  }
}
