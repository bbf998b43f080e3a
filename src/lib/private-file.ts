import { closeSync, existsSync, openSync } from 'node:fs'

/**
 * Makes an empty file that only its owner can get at, where there is none. SQLite takes such a file for a new database, gives
 * what it puts beside it (-wal, -shm) the same rights, and says in its own words why none can be made.
 */
export function makePrivateFile(path: string): void {
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {}
}
