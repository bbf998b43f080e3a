// The queries of the journal's tables. Synchronous, and on disk when they return.

import type { Database } from 'bun:sqlite'
import { damaged, NO_LEDGER } from './database.ts'
import type { EntryKind } from './entry.ts'
import type { Ledger } from './ledger.ts'

/** `owner`: flow and token of an event (`tokenKeyOf`), by which it can be found while it waits; '' for an incident. */
export type Entry = { readonly kind: EntryKind; readonly owner: string; readonly body: string }

export type WaitingEntry = { readonly seq: number; readonly kind: EntryKind; readonly body: string }

/** The outcome of a batch in the store. */
export type Settlement = {
  /** The last entry of the batch; it and everything before it leaves the journal. */
  readonly through: number
  readonly stored: number
  readonly alreadyStored: number
  /** Events of people who were erased meanwhile: they count as stored, as if they had come before. */
  readonly erased?: number
  readonly refused: readonly { readonly seq: number; readonly reason: string }[]
}

/**
 * Events lost with a damaged journal while this process ran: how many are counted as dropped, and whether there may be others that
 * no ledger counts. The store may have those that were taken before.
 */
export type Missing = { readonly counted: number; readonly isUncounted: boolean }

export type Entries = ReturnType<typeof createEntries>

/** A batch ends at this size, even with fewer entries than asked for: memory stays bounded. */
const BATCH_BYTES = 4 * 1024 * 1024

/** `after`: new entries get numbers above this one, and above all that are there. */
export function createEntries(db: Database, after = 0) {
  const newest = db.query<{ seq: number | null }, []>('SELECT max(seq) AS seq FROM entries').get()
  let last = Math.max(after, newest?.seq ?? 0)
  const insert = db.query('INSERT INTO entries (seq, kind, owner, body) VALUES (?, ?, ?, ?)')
  const receive = db.query('UPDATE ledger SET received = received + ?, dropped = dropped + ?')
  const settleLedger = db.query(
    'UPDATE ledger SET received = received + ?, stored = stored + ?, repeated = repeated + ?, dropped = dropped - ?',
  )

  const append = db.transaction((entries: readonly Entry[], droppedBefore: number) => {
    let seq = last
    for (const { kind, owner, body } of entries) insert.run(++seq, kind, owner, body)
    const events = entries.filter((entry) => entry.kind === 'event').length
    changeLedger(receive.run(events + droppedBefore, droppedBefore))
    return seq
  })

  const settle = db.transaction((settlement: Settlement, missing: Missing, at: number) => {
    const { through, alreadyStored, refused } = settlement
    const stored = settlement.stored + (settlement.erased ?? 0)
    const quarantine = db.query(`INSERT INTO quarantine SELECT ?, ?, ${EVENT_LINE} FROM entries WHERE seq = ?`)
    const kindOf = db.query<{ kind: EntryKind }, [number]>('SELECT kind FROM entries WHERE seq = ?')
    const put = { event: 0, incident: 0 }
    for (const { seq, reason } of refused) {
      const kind = kindOf.get(seq)?.kind === 'incident' ? 'incident' : 'event'
      put[kind] += quarantine.run(at, reason, seq).changes
    }
    db.query("DELETE FROM entries WHERE seq <= ? AND kind = 'incident'").run(through)
    const { changes: events } = db.query('DELETE FROM entries WHERE seq <= ?').run(through)
    // The store has entries that a damaged journal lost after they were taken from it.
    const surplus = Math.max(0, stored + alreadyStored + put.event - events)
    const found = Math.min(missing.counted, surplus)
    const unheard = missing.isUncounted ? surplus - found : 0
    // An entry that cannot be understood may have been an event: from now on it counts as one.
    const received = put.incident + unheard
    changeLedger(settleLedger.run(received, stored, alreadyStored, found))
    return found
  })

  const eraseQuarantined = db.transaction((seqs: readonly number[]) => {
    const remove = db.query('DELETE FROM quarantine WHERE rowid = ?')
    const erased = seqs.reduce((sum, seq) => sum + remove.run(seq).changes, 0)
    changeLedger(settleLedger.run(0, erased, 0, 0))
  })

  return {
    /** The newest number that was ever given. */
    last: () => last,

    /** All or nothing. `droppedBefore`: events that could not be written since the last successful call. */
    append(entries: readonly Entry[], droppedBefore: number): void {
      last = append.immediate(entries, droppedBefore)
    },

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

    /** Returns how many events were counted as dropped and turn out to be in the store. */
    settle: (settlement: Settlement, missing: Missing, at: number): number => settle.immediate(settlement, missing, at),

    /** The newest waiting events of one owner as JSON, oldest first, `limit` at most. */
    waitingOf(owner: string, limit: number): string[] {
      const rows = db.query<{ line: string }, [string, number]>(
        `SELECT ${EVENT_LINE} AS line FROM entries WHERE owner = ? ORDER BY seq DESC LIMIT ?`,
      )
      return rows
        .all(owner, limit)
        .map((row) => row.line)
        .reverse()
    },

    /** The body of the newest waiting event of one owner that says what its session said. */
    newestWithSession(owner: string): string | undefined {
      const row = db.query<{ body: string }, [string]>(
        'SELECT body FROM entries WHERE owner = ? AND instr(body, char(10)) > 0 ORDER BY seq DESC LIMIT 1',
      )
      return row.get(owner)?.body
    },

    /** What the store refused, oldest first. */
    quarantined(after: number, limit: number): { readonly seq: number; readonly body: string }[] {
      return db
        .query<{ seq: number; body: string }, [number, number]>(
          'SELECT rowid AS seq, body FROM quarantine WHERE rowid > ? ORDER BY rowid LIMIT ?',
        )
        .all(after, limit)
    },

    /** Removes these from the quarantine; they count as stored. */
    eraseQuarantined: (seqs: readonly number[]): void => void eraseQuarantined.immediate(seqs),

    ledger(): Ledger {
      const ledger = db.query<Ledger, []>(LEDGER).get()
      if (!ledger) throw damaged(NO_LEDGER)
      return ledger
    },
  }
}

/** Of a body, without what the session said: that is large, and sealed for a short time only. See `bodyOf`. */
const EVENT_LINE = 'substr(body, 1, instr(body || char(10), char(10)) - 1)'

function changeLedger({ changes }: { readonly changes: number }): void {
  if (changes !== 1) throw damaged(NO_LEDGER)
}

/** Counting by the index on `owner`, which incidents have none of, reads a tenth of what counting by `kind` would. */
export const LEDGER = `
  SELECT received, stored, repeated AS alreadyStored, dropped,
    (SELECT count(*) FROM entries) - (SELECT count(*) FROM entries WHERE owner = '') AS waiting,
    (SELECT count(*) FROM quarantine) AS quarantined
  FROM ledger`
