// The journal's file: its lock, its recovery when it is damaged, and its reserve for a full disk. Everything here is synchronous,
// and on disk when it returns.

import type { Database } from 'bun:sqlite'
import { existsSync, rmSync, statSync } from 'node:fs'
import type { Clock } from '../lib/clock.ts'
import { cutLog } from '../lib/cut-log.ts'
import { BUSY_TIMEOUT_MS, cannotOpen, type Durability, damaged, damageIn, isDamage, openDatabase } from './database.ts'
import { createDiskReserve, type DiskReserve, reserveOf } from './disk-reserve.ts'
import { createEntries, type Entries, type Settlement } from './entries.ts'
import { takeLock } from './lock.ts'
import { finishRecovery, type Recovery, recoverJournal } from './recovery.ts'
import { damagedLog, readAt } from './wal-recovery.ts'

export type JournalFile = Pick<
  Entries,
  'append' | 'take' | 'waitingOf' | 'newestWithSession' | 'quarantined' | 'eraseQuarantined' | 'ledger'
> & {
  /** The recovery that it took to open the file, if any. */
  readonly recovery: Recovery | undefined
  settle(settlement: Settlement, at: number): void
  /** See `Journal.purge`. */
  purge(): boolean
  /** To be called after an error named DAMAGED. Until it succeeds, all other calls throw. */
  recover(): Recovery
  close(): void
}

type Open = { readonly db: Database; readonly entries: Entries; readonly reserve: DiskReserve }

/** Opens the file: makes it and its folder if missing, recovers it if damaged. Throws one sentence that names the file. */
export function openJournalFile(file: string, durability: Durability, clock: Clock): JournalFile {
  const lock = takeLock(file)
  let open: Open | undefined
  /** What is wrong with the file. */
  let damage: string | undefined
  /** The newest number of an entry. New numbers go on from there, so that a batch under way cannot be taken for another. */
  let last = 0
  /** Of batches under way; see `Entries.settle`. */
  const missing = { counted: 0, isUncounted: false }

  const replaceDamaged = (): Recovery => {
    if (open) {
      last = open.entries.last()
      closeQuietly(open.db)
      open = undefined
    }
    // Frees the room of the reserve, which is made again where there is plenty.
    rmSync(reserveOf(file), { force: true })
    try {
      const result = recoverJournal(file, damage ?? '', clock())
      open = openAll(file, durability, last)
      return result
    } catch (error) {
      throw new Error(`it is damaged (${damage}), and saving what can be read failed: ${(error as Error).message}`)
    }
  }

  const start = (): Recovery | undefined => {
    finishRecovery(file)
    damage = damageOf(file, lock.isOld)
    if (damage !== undefined) return replaceDamaged()
    try {
      open = openAll(file, durability, 0)
      return undefined
    } catch (error) {
      if (!isDamage(error)) throw error
      damage = (error as Error).message
      return replaceDamaged()
    }
  }

  const using = <T>(work: (open: Open) => T): T => {
    try {
      if (open) return work(open)
    } catch (error) {
      if (!isDamage(error)) throw error
      damage = (error as Error).message
    }
    throw damaged(`the journal ${file} is damaged: ${damage}`)
  }

  let recovery: Recovery | undefined
  try {
    recovery = start()
  } catch (error) {
    lock.close(!lock.isOld)
    throw cannotOpen(file, error)
  }

  return {
    recovery,
    append: (entries, droppedBefore) =>
      using((open) => open.reserve.forNew(() => open.entries.append(entries, droppedBefore))),
    take: (limit) => using((open) => open.entries.take(limit)),
    settle: (settlement, at) =>
      using((open) => {
        missing.counted -= open.reserve.forLettingGo(() => open.entries.settle(settlement, missing, at))
      }),
    waitingOf: (owner, limit) => using((open) => open.entries.waitingOf(owner, limit)),
    newestWithSession: (owner) => using((open) => open.entries.newestWithSession(owner)),
    quarantined: (after, limit) => using((open) => open.entries.quarantined(after, limit)),
    eraseQuarantined: (seqs) => using((open) => open.reserve.forLettingGo(() => open.entries.eraseQuarantined(seqs))),
    ledger: () => using((open) => open.entries.ledger()),
    purge: () => using((open) => cutLog(open.db, BUSY_TIMEOUT_MS)),

    recover() {
      const result = replaceDamaged()
      missing.counted += result.lost
      missing.isUncounted ||= result.mayHaveLostMore
      return result
    },

    close() {
      if (open) closeQuietly(open.db)
      open = undefined
      lock.close()
    },
  }
}

function openAll(file: string, durability: Durability, last: number): Open {
  const db = openDatabase(file, durability)
  try {
    return { db, entries: createEntries(db, last), reserve: createDiskReserve(file, db) }
  } catch (error) {
    closeQuietly(db)
    throw error
  }
}

/** A damaged database, or one on a full disk, cannot always take in its -wal; its frames stay as safe as they were. */
function closeQuietly(db: Database): void {
  try {
    db.run('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {}
  db.close(true)
}

/** Damage that shows before the file is opened for writing. Throws when the file is not a journal. */
function damageOf(file: string, isOld: boolean): string | undefined {
  if (!existsSync(file)) return existsSync(`${file}-wal`) ? 'it is gone, and its -wal is still there' : undefined
  const found = statSync(file)
  if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is no file')
  // Where there was no journal before, the file is not damaged but somebody else's, or waits to be filled.
  if (!isOld && found.size === 0) return undefined
  if (!isOld && readAt(file, 0, MAGIC.length)?.toString('latin1') !== MAGIC) throw new Error('it is no SQLite database')
  if (found.size === 0) return 'it is empty'
  return damagedLog(file) ?? damageIn(file)
}

const MAGIC = 'SQLite format 3\0'
