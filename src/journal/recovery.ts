// Sets a damaged journal aside unchanged, and starts a new one with all that could be read of it. If this is cut short, the next
// start repeats or completes it: the new file is whole before the old one is renamed.

import type { Database } from 'bun:sqlite'
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makePrivateFile } from '../lib/private-file.ts'
import { syncPath } from '../lib/sync-path.ts'
import { openDatabase } from './database.ts'
import { LEDGER } from './entries.ts'
import { EMPTY_LEDGER, type Ledger } from './ledger.ts'
import { discard, discardView, type View, withView } from './open-damaged.ts'
import { type DamagedRow, readable, readDamagedTable } from './read-damaged-table.ts'

export type Recovery = {
  readonly file: string
  readonly reason: string
  /** Where the damaged file is now. */
  readonly damaged: string
  /** Entries that wait for the store, incidents included, and entries in quarantine. */
  readonly saved: number
  /** Events that the ledger of the damaged journal counts, and that could not be read. */
  readonly lost: number
  /** Whether more may be lost, as the ledger or its last changes could not be read either. */
  readonly mayHaveLostMore: boolean
}

export function recoverJournal(file: string, reason: string, now: number): Recovery {
  finishRecovery(file)
  // A -wal alone is damage as well. From here on a missing file means that a recovery was cut short.
  makePrivateFile(file)
  const fresh = `${file}.rescue`
  const outcome = fillFrom(file, fresh, now)

  const damaged = unusedName(`${file}.damaged-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`)
  renameSync(file, damaged)
  replace(file, fresh, damaged)
  return { file, reason, damaged, ...outcome }
}

/** To be called before the file is opened: completes or removes a recovery that was cut short. */
export function finishRecovery(file: string): void {
  const fresh = `${file}.rescue`
  const damaged = setAside(file).at(-1)
  if (!existsSync(file) && existsSync(fresh) && damaged !== undefined) replace(file, fresh, damaged)
  discard(fresh)
  discardView(file)
}

/** The damaged journals that were set aside beside this one, oldest first. */
export function setAside(file: string): readonly string[] {
  const folder = dirname(file)
  if (!existsSync(folder)) return []
  const beginning = `${basename(file)}.damaged-`
  return readdirSync(folder)
    .filter((name) => name.startsWith(beginning) && !/-(?:wal|shm)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** One line for the log. */
export function describeRecovery({ file, reason, damaged, saved, lost, mayHaveLostMore }: Recovery): string {
  const more = mayHaveLostMore ? '; nobody can tell whether there were more, as the end of its records is missing' : ''
  return (
    `the journal ${file} was damaged (${reason}): ${count(saved, 'entry was', 'entries were')} saved, ` +
    `${count(lost, 'event is', 'events are')} missing and counted as dropped${more}. The damaged file is kept as ${damaged}`
  )
}

const count = (number: number, one: string, several: string): string => `${number} ${number === 1 ? one : several}`

type RecoveryOutcome = Pick<Recovery, 'saved' | 'lost' | 'mayHaveLostMore'>

/** The new file is on the disk when this returns, and has nothing in a -wal any more. */
function fillFrom(file: string, fresh: string, now: number): RecoveryOutcome {
  const db = openDatabase(fresh, 'process')
  try {
    const outcome = withView(file, db, (view) => fill(db, view, now))
    db.run('PRAGMA wal_checkpoint(TRUNCATE)')
    return outcome
  } finally {
    db.close(true)
  }
}

/** Copies what can be read, and balances the ledger. */
function fill(db: Database, view: View | undefined, now: number): RecoveryOutcome {
  if (view) copyAll(db, view, now)
  const copied = db.query<Ledger & { entries: number }, []>(COPIED).get() as Ledger & { entries: number }
  const saved = copied.waiting + copied.quarantined
  const said = view && readLedger(view.source)
  const { received, stored, alreadyStored, dropped } = said ?? { ...EMPTY_LEDGER, received: saved }
  const expected = received - stored - alreadyStored - dropped
  const lost = Math.max(0, expected - saved)
  // More than it said can be there when the page of the ledger is older than the others.
  const surplus = Math.max(0, saved - expected)
  db.query('UPDATE ledger SET received = ?, stored = ?, repeated = ?, dropped = ?').run(
    received + surplus,
    stored,
    alreadyStored,
    dropped + lost,
  )
  return { saved: copied.entries + copied.quarantined, lost, mayHaveLostMore: !said || !view?.isNewest }
}

const COPIED = LEDGER.replace('FROM ledger', ', (SELECT count(*) FROM entries) AS entries FROM ledger')

function copyAll(db: Database, { source, pages }: View, now: number): void {
  const entry = db.query('INSERT OR IGNORE INTO entries (seq, kind, owner, body) VALUES (?, ?, ?, ?)')
  inBatches(db, readDamagedTable(source, ENTRIES, pages), ({ key, kind, owner, body }) => {
    if (kind === 'incident') entry.run(key, kind, '', textOf(body))
    else entry.run(key, 'event', textOf(owner) || UNKNOWN_OWNER, textOf(body))
  })
  const refused = db.query('INSERT OR IGNORE INTO quarantine (rowid, at, reason, body) VALUES (?, ?, ?, ?)')
  inBatches(db, readDamagedTable(source, QUARANTINE, pages), ({ key, at, reason, body }) => {
    refused.run(key, Number.isSafeInteger(at) ? (at as number) : now, textOf(reason), textOf(body))
  })
}

const ENTRIES = { table: 'entries', key: 'seq', columns: 'kind, owner, body' }
const QUARANTINE = { table: 'quarantine', key: 'rowid', columns: 'at, reason, body' }

/** Not empty, as the empty owner marks incidents. */
const UNKNOWN_OWNER = '\n'

/** Rows of one commit: memory stays bounded however large the journal. */
const BATCH = 500

function inBatches(db: Database, rows: Iterable<DamagedRow>, write: (row: DamagedRow) => void): void {
  let count = 0
  db.run('BEGIN')
  for (const row of rows) {
    write(row)
    if (++count % BATCH === 0) db.run('COMMIT; BEGIN')
  }
  db.run('COMMIT')
}

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : String(value ?? '')

function readLedger(db: Database): LedgerRow | undefined {
  const sql = 'SELECT received, stored, repeated AS alreadyStored, dropped FROM ledger'
  const row = readable(() => db.query<LedgerRow, []>(sql).get())
  return row && Object.values(row).every((count) => Number.isSafeInteger(count) && count >= 0) ? row : undefined
}

type LedgerRow = Omit<Ledger, 'waiting' | 'quarantined'>

function unusedName(name: string): string {
  let unused = name
  for (let count = 2; existsSync(unused); count++) unused = `${name}-${count}`
  return unused
}

/** The old -wal goes before the new file comes: SQLite would take it for the new one's. */
function replace(file: string, fresh: string, damaged: string): void {
  for (const part of ['-wal', '-shm'])
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${damaged}${part}`)
  renameSync(fresh, file)
  syncPath(dirname(file))
}
