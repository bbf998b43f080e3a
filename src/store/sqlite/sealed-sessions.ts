import type { Database } from 'bun:sqlite'
import { hash } from 'node:crypto'
import { HOUR_MS } from '../../lib/units.ts'
import type { SealedSession } from '../sealed-session.ts'
import type { StoreCalls } from '../store.ts'
import { tokenKeyOf } from '../trail-key.ts'

type Row = Pick<SealedSession, 'at' | 'sealed'> & { readonly expires_at: number }

/**
 * Each request of a session writes its row anew, so a write must be cheap: sessions of the same time stand beside each other, and most
 * writes touch no index.
 */
export function createSealedSessions(
  db: Database,
): StoreCalls<'keepSealed' | 'sealedSession' | 'removeSealed' | 'removeExpiredSealed'> {
  const renew = db.prepare<unknown, [number, number, string, number, string, number, number]>(`
    UPDATE sealed_sessions SET at = ?, expires_at = ?, sealed = ?
    WHERE hash = ? AND key = ? AND expiry_hour = ? AND at <= ?`)
  // Of two keys with one hash, the later has the row; the other is as if it had never been kept.
  const keep = db.prepare<unknown, [number, string, number, number, number, string]>(`
    INSERT INTO sealed_sessions (hash, key, at, expires_at, expiry_hour, sealed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (hash) DO UPDATE SET key = excluded.key, at = excluded.at, expires_at = excluded.expires_at,
      expiry_hour = excluded.expiry_hour, sealed = excluded.sealed
    WHERE excluded.at >= sealed_sessions.at OR excluded.key <> sealed_sessions.key`)
  const get = db.prepare<Row, [number, string, number]>(
    'SELECT at, expires_at, sealed FROM sealed_sessions WHERE hash = ? AND key = ? AND expires_at > ?',
  )
  const remove = db.prepare<unknown, [number, string, number]>(
    'DELETE FROM sealed_sessions WHERE hash = ? AND key = ? AND at <= ?',
  )
  const removeSome = db.prepare<unknown, [number, number, number]>(
    `DELETE FROM sealed_sessions WHERE id IN (
       SELECT id FROM sealed_sessions INDEXED BY sealed_sessions_expiring
       WHERE expiry_hour <= ? AND expires_at <= ? LIMIT ?)`,
  )
  return {
    keepSealed: db.transaction((sessions: readonly SealedSession[]): void => {
      for (const { flow, token, at, expiresAt, sealed } of sessions) {
        const key = tokenKeyOf({ flow, token })
        const [hash, hour] = [hashOf(key), hourOf(expiresAt)]
        if (renew.run(at, expiresAt, sealed, hash, key, hour, at).changes > 0) continue
        keep.run(hash, key, at, expiresAt, hour, sealed)
      }
    }).immediate,
    sealedSession(flow, token, now) {
      const key = tokenKeyOf({ flow, token })
      const row = get.get(hashOf(key), key, now)
      return row ? { flow, token, at: row.at, expiresAt: row.expires_at, sealed: row.sealed } : undefined
    },
    removeSealed: (token, upTo) => {
      const key = tokenKeyOf(token)
      remove.run(hashOf(key), key, upTo)
    },
    removeExpiredSealed: (now, limit) => removeSome.run(hourOf(now), now, limit).changes,
  }
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS)

/** 48 bits of a hash. */
const hashOf = (key: string): number => hash('sha256', key, 'buffer').readUIntBE(0, 6)
