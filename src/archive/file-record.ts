import type { JsonObject } from '../lib/json.ts'
import type { TrailEvent } from '../trail/event.ts'
import { COLUMN_OF, eventOfRow } from '../trail/import-row.ts'

/** `line`: where it begins, from 1. `size`: characters. `names`: of fields that have another name in the file. */
export type FileRecord = { readonly line: number } & (
  | {
      readonly ok: true
      readonly event: unknown
      readonly size: number
      readonly names?: Readonly<Record<keyof TrailEvent, string>>
    }
  /** A clause for people. */
  | { readonly ok: false; readonly reason: string }
)

/** Of a row, which is read here: `read` throws a clause for people where it cannot be. */
export function rowRecord(line: number, size: number, read: () => JsonObject): FileRecord {
  try {
    return { line, ok: true, event: eventOfRow(read()), size, names: COLUMN_OF }
  } catch (error) {
    return { line, ok: false, reason: (error as Error).message }
  }
}
