import type { Database } from 'bun:sqlite'
import type { AuditEntry, StoreCalls } from '../store.ts'

export function createAudits(db: Database): StoreCalls<'audit' | 'audits'> {
  const add = db.prepare<unknown, [number, string, string, string]>(
    'INSERT INTO audits (at, who, what, detail) VALUES (?, ?, ?, ?)',
  )
  const newest = db.prepare<AuditEntry, [number]>(
    'SELECT at, who, what, detail FROM audits ORDER BY number DESC LIMIT ?',
  )
  const newestAmong = db.prepare<AuditEntry, [string, number]>(`
    SELECT at, who, what, detail FROM audits WHERE what IN (SELECT value FROM json_each(?))
    ORDER BY number DESC LIMIT ?`)
  return {
    audit: ({ at, who, what, detail }) => void add.run(at, who, what, detail),
    audits: (limit, among) => (among ? newestAmong.all(JSON.stringify(among), limit) : newest.all(limit)),
  }
}
