import type { Database } from 'bun:sqlite'
import type { AuditKind } from '../audit-kinds.ts'
import type { AuditEntry } from '../store.ts'

export type Audits = {
  add(entry: AuditEntry): void
  /** Newest first; of all, or of these kinds (`what`) only. */
  newest(limit: number, among?: readonly AuditKind[]): AuditEntry[]
}

export function createAudits(db: Database): Audits {
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
    add: ({ at, who, what, detail }) => void add.run(at, who, what, detail),
    newest: (limit, among) => (among ? newestAmong.all(JSON.stringify(among), limit) : newest.all(limit)),
  }
}
