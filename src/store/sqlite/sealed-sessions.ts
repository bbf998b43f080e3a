import type { Database } from 'bun:sqlite'
import type { SealedSession } from '../sealed-session.ts'
import type { StoreCalls } from '../store.ts'
import { tokenKeyOf } from '../trail-key.ts'

type Row = Pick<SealedSession, 'at' | 'sealed'> & { readonly expires_at: number }

export function createSealedSessions(
  db: Database,
): StoreCalls<'keepSealed' | 'sealedSession' | 'removeSealed' | 'removeExpiredSealed'> {
  const keep = db.prepare<unknown, [string, number, number, string]>(`
    INSERT INTO sealed_sessions (key, at, expires_at, sealed) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, expires_at = excluded.expires_at, sealed = excluded.sealed
    WHERE excluded.at >= sealed_sessions.at`)
  const get = db.prepare<Row, [string, number]>(
    'SELECT at, expires_at, sealed FROM sealed_sessions WHERE key = ? AND expires_at > ?',
  )
  const remove = db.prepare<unknown, [string, number]>('DELETE FROM sealed_sessions WHERE key = ? AND at <= ?')
  const removeSome = db.prepare<unknown, [number, number]>(
    `DELETE FROM sealed_sessions WHERE key IN (
       SELECT key FROM sealed_sessions INDEXED BY sealed_sessions_expiring WHERE expires_at <= ? LIMIT ?)`,
  )
  return {
    keepSealed: db.transaction((sessions: readonly SealedSession[]): void => {
      for (const { flow, token, at, expiresAt, sealed } of sessions)
        keep.run(tokenKeyOf({ flow, token }), at, expiresAt, sealed)
    }).immediate,
    sealedSession(flow, token, now) {
      const row = get.get(tokenKeyOf({ flow, token }), now)
      return row ? { flow, token, at: row.at, expiresAt: row.expires_at, sealed: row.sealed } : undefined
    },
    removeSealed: (token, upTo) => {
      remove.run(tokenKeyOf(token), upTo)
    },
    removeExpiredSealed: (now, limit) => removeSome.run(now, limit).changes,
  }
}
