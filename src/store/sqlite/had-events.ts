import type { Database } from 'bun:sqlite'
import { REMOVAL_AUDITS, REMOVAL_DOCUMENTS } from '../removals.ts'
import type { StoreCalls } from '../store.ts'

/** Works also on a file that may not be written to. */
export function createHadEvents(db: Database): StoreCalls<'hadEvents'>['hadEvents'] {
  const had = db.prepare<{ had: number }, [string, string]>(`
    SELECT EXISTS (SELECT 1 FROM events)
      OR EXISTS (SELECT 1 FROM sessions)
      OR EXISTS (SELECT 1 FROM documents WHERE kind IN (SELECT value FROM json_each(?)))
      OR EXISTS (SELECT 1 FROM audits WHERE what IN (SELECT value FROM json_each(?))) AS had`)
  return () => had.get(JSON.stringify(REMOVAL_DOCUMENTS), JSON.stringify(REMOVAL_AUDITS))?.had === 1
}
