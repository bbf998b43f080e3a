// A copy of a journal that may be in use.

import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { damageIn, openDatabase } from './database.ts'
import { LEDGER } from './entries.ts'
import { isBalanced, type Ledger } from './ledger.ts'
import { isInUse } from './lock.ts'
import { damagedLog } from './wal-recovery.ts'

/**
 * Copies the journal as it is at one instant. Without one, the copy is empty. Not by `VACUUM INTO`, which would move the tables (see
 * `SCHEMA`). Throws one sentence if the journal is damaged.
 */
export function copyJournal(file: string, target: string): void {
  const copy = openDatabase(target, 'process')
  try {
    if (existsSync(file)) fill(copy, file)
    copy.run('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    copy.close(true)
  }
}

function fill(copy: Database, file: string): void {
  // Whoever opens a damaged log makes SQLite forget its end. A server that is running has the file open already.
  const damage = isInUse(file) ? undefined : (damagedLog(file) ?? damageIn(file))
  if (damage !== undefined) throw damagedSource(file, damage)
  copy.run('ATTACH ? AS source', [file])
  copy.transaction(() => {
    copy.run('INSERT INTO entries SELECT seq, kind, owner, body FROM source.entries')
    copy.run('INSERT INTO quarantine (rowid, at, reason, body) SELECT rowid, at, reason, body FROM source.quarantine')
    copy.run('DELETE FROM ledger')
    const { changes } = copy.run(
      'INSERT INTO ledger SELECT one, received, stored, repeated, dropped FROM source.ledger',
    )
    if (changes !== 1) throw damagedSource(file, 'its ledger is empty')
  })()
  // Else the checkpoint would be one of both.
  copy.run('DETACH source')
}

const damagedSource = (file: string, damage: string): Error =>
  new Error(
    `the journal ${file} is damaged: ${damage}. The next start of \`screentrail serve\` saves what can be read of it; back up after that`,
  )

/** The ledger of a copy. Throws one sentence unless the copy is whole. */
export function inspectJournal(file: string): Ledger {
  const damage = damageIn(file)
  if (damage !== undefined) throw new Error(`the copy of the journal, ${file}, is damaged: ${damage}`)
  const db = new Database(file, { readonly: false, create: false, strict: true })
  try {
    const verdict = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').get()?.integrity_check
    if (verdict !== 'ok') throw new Error(`the copy of the journal, ${file}, is damaged: ${verdict}`)
    const ledger = db.query<Ledger, []>(LEDGER).get()
    if (!ledger || !isBalanced(ledger))
      throw new Error(`the ledger of the copy of the journal, ${file}, does not balance`)
    return ledger
  } finally {
    db.close(true)
  }
}
