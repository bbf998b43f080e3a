import { closeSync, existsSync, openSync } from 'node:fs'

/**
 * Makes an empty file that only its owner can read, if there is none. SQLite takes it for a new database, gives -wal and -shm the
 * same rights, and reports the error if the file cannot be made.
 */
export function makePrivateFile(path: string): void {
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {}
}
