import type { Database } from 'bun:sqlite'
import type { AuditEntry } from '../store.ts'

export type Audits = {
  add(entry: AuditEntry): void
  /** Newest first. */
  newest(limit: number): AuditEntry[]
}

export function createAudits(db: Database): Audits {
  const add = db.prepare<unknown, [number, string, string, string]>(
    'INSERT INTO audits (at, who, what, detail) VALUES (?, ?, ?, ?)',
  )
  const newest = db.prepare<AuditEntry, [number]>(
    'SELECT at, who, what, detail FROM audits ORDER BY number DESC LIMIT ?',
  )
  return {
    add: ({ at, who, what, detail }) => void add.run(at, who, what, detail),
    newest: (limit) => newest.all(limit),
  }
}
