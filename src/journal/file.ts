// The journal's database file, as the worker sees it: everything here is synchronous and on disk when it returns.

import { Database } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Ledger } from './ledger.ts'

/** `event` counts in the ledger; `incident` rides along. */
export type EntryKind = 'event' | 'incident'

/** `owner` is what an event is looked up by while it waits: its flow and token. */
export type Entry = { readonly kind: EntryKind; readonly owner: string; readonly body: string }

export type WaitingEntry = { readonly seq: number; readonly kind: EntryKind; readonly body: string }

/** What the store said of a batch. */
export type Settlement = {
  /** The last entry of the batch; it and everything before it leaves the journal. */
  readonly through: number
  readonly stored: number
  readonly repeated: number
  readonly refused: readonly { readonly seq: number; readonly reason: string }[]
}

export type Durability = 'disk' | 'process'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_owner ON entries (owner);
  CREATE TABLE IF NOT EXISTS quarantine (at INTEGER NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS ledger (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    received INTEGER NOT NULL, stored INTEGER NOT NULL, repeated INTEGER NOT NULL, dropped INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO ledger VALUES (1, 0, 0, 0, 0);`

/** A batch handed to the drain ends here even when fewer entries than asked for are in it: memory stays bounded. */
const BATCH_BYTES = 4 * 1024 * 1024

/** Opens the file, making it and its folder where they are missing. Throws a sentence that names the file. */
export function openJournalFile(file: string, durability: Durability) {
  const lock = takeLock(file)
  const db = openDatabase(file, durability)
  const insert = db.query('INSERT INTO entries (kind, owner, body) VALUES (?, ?, ?)')
  const receive = db.query('UPDATE ledger SET received = received + ?, dropped = dropped + ?')

  const append = db.transaction((entries: readonly Entry[], droppedBefore: number) => {
    for (const { kind, owner, body } of entries) insert.run(kind, owner, body)
    const events = entries.filter((entry) => entry.kind === 'event').length
    receive.run(events + droppedBefore, droppedBefore)
  })

  const settle = db.transaction(({ through, stored, repeated, refused }: Settlement, at: number) => {
    const quarantine = db.query('INSERT INTO quarantine SELECT ?, ?, body FROM entries WHERE seq = ?')
    for (const { seq, reason } of refused) quarantine.run(at, reason, seq)
    db.query('DELETE FROM entries WHERE seq <= ?').run(through)
    db.query('UPDATE ledger SET stored = stored + ?, repeated = repeated + ?').run(stored, repeated)
  })

  return {
    /** All or nothing. `droppedBefore`: events that could not be written since the last successful call. */
    append: (entries: readonly Entry[], droppedBefore: number): void => append.immediate(entries, droppedBefore),

    /** The oldest entries, at most `limit`. */
    take(limit: number): WaitingEntry[] {
      const batch: WaitingEntry[] = []
      let bytes = 0
      const rows = db.query<WaitingEntry, [number]>('SELECT seq, kind, body FROM entries ORDER BY seq LIMIT ?')
      for (const row of rows.iterate(limit)) {
        batch.push(row)
        bytes += row.body.length
        if (bytes >= BATCH_BYTES) break
      }
      return batch
    },

    settle: (settlement: Settlement, at: number): void => settle.immediate(settlement, at),

    /** The bodies of the waiting events of one owner, oldest first. */
    waitingOf(owner: string): string[] {
      const rows = db.query<{ body: string }, [string]>('SELECT body FROM entries WHERE owner = ? ORDER BY seq')
      return rows.all(owner).map((row) => row.body)
    },

    ledger(): Ledger {
      const row = db
        .query<Ledger, []>(
          `SELECT received, stored, repeated, dropped,
             (SELECT count(*) FROM entries WHERE kind = 'event') AS waiting,
             (SELECT count(*) FROM quarantine) AS quarantined
           FROM ledger`,
        )
        .get()
      return row as Ledger
    },

    close(): void {
      db.run('PRAGMA wal_checkpoint(TRUNCATE)')
      db.close()
      lock.close()
    },
  }
}

export type JournalFile = ReturnType<typeof openJournalFile>

/**
 * Two processes that drain one journal would count its events twice. The lock is a file of its own, so that the journal can
 * still be read from outside, and the operating system lets go of it however the process ends.
 */
function takeLock(file: string): Database {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const lock = new Database(`${file}.lock`, { create: true })
    lock.run(`PRAGMA busy_timeout = ${LOCK_PATIENCE_MS}`)
    lock.run('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw cannotOpen(file, error)
    throw new Error(
      `the journal ${file} is in use by another screentrail process. Stop that one first, or give this one another journal.file`,
    )
  }
}

/** Long enough for a process that is just stopping. */
const LOCK_PATIENCE_MS = 2_000

function openDatabase(file: string, durability: Durability): Database {
  try {
    const db = new Database(file, { strict: true, create: true })
    // busy_timeout first: changing the journal mode needs a lock that another process may hold for a moment.
    db.run('PRAGMA busy_timeout = 5000')
    db.run('PRAGMA journal_mode = WAL')
    db.run(`PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'}`)
    db.run('PRAGMA trusted_schema = OFF')
    db.run(SCHEMA)
    return db
  } catch (error) {
    throw cannotOpen(file, error)
  }
}

const cannotOpen = (file: string, error: unknown): Error =>
  new Error(
    `the journal ${file} could not be opened: ${(error as Error).message}. Check that its folder can be written to, or name another file under journal.file`,
  )
