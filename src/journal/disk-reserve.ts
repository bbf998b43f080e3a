// What the journal does on a full disk.
//
// In SQLite with a write-ahead log, deleting takes room as well: the change goes into the -wal, and a checkpoint needs room for
// the file to grow. So a journal that has filled the disk could never delete what the store has, nor write anything new. Two
// things prevent this. Before it gives up, the journal runs a checkpoint, after which the -wal is filled from its beginning.
// And there is a reserve: a file of random bytes that is deleted when the journal cannot delete a batch, and made again when
// the disk has plenty of room. New events never use the reserve.

import { type Database, SQLiteError } from 'bun:sqlite'
import { randomFillSync } from 'node:crypto'
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { freeBytes } from '../lib/free-space.ts'

export type DiskReserve = {
  /** Runs this; on a full disk once more after a checkpoint, without the reserve. */
  forNew<T>(write: () => T): T
  /** Runs this; on a full disk again after a checkpoint, then again with the room of the reserve. */
  forLettingGo<T>(write: () => T): T
}

/**
 * Enough to move the -wal to the file (4 MB and the largest commit), and to delete one batch out of a large journal. That touches a
 * page of the index for each of its 500 entries, and overwrites the pages that they were on: 7 MB at most, of which the -wal has room
 * for 4 once it is moved.
 */
const RESERVE_BYTES = 8 * 1024 * 1024
/** The reserve is only made where it is small beside what is free. */
const PLENTY_BYTES = 8 * RESERVE_BYTES

/** A checkpoint in vain costs a few milliseconds; while no event can be written, this often is enough. */
const MOVE_EVERY_MS = 1_000

export function createDiskReserve(file: string, db: Database): DiskReserve {
  const reserve = reserveOf(file)
  let movedAt = Number.NEGATIVE_INFINITY

  const moveLog = () => {
    movedAt = performance.now()
    try {
      db.run('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (error) {
      if (!isFull(error)) throw error
    }
  }
  const moveLogAtTimes = () => {
    if (performance.now() - movedAt >= MOVE_EVERY_MS) moveLog()
  }
  const spendReserve = () => {
    rmSync(reserve, { force: true })
    moveLog()
  }
  const keepReserve = () => {
    if (!existsSync(reserve) && freeBytes(dirname(file)) >= PLENTY_BYTES) makeReserve(reserve)
  }

  keepReserve()
  return {
    forNew: (write) => withRoom(write, [moveLogAtTimes]),
    forLettingGo(write) {
      const result = withRoom(write, [moveLog, spendReserve])
      // A checkpoint may help now: the file has free pages.
      movedAt = Number.NEGATIVE_INFINITY
      keepReserve()
      return result
    },
  }
}

export const reserveOf = (file: string): string => `${file}.reserve`

function withRoom<T>(write: () => T, [makeRoom, ...others]: readonly (() => void)[]): T {
  try {
    return write()
  } catch (error) {
    if (!makeRoom || !isFull(error)) throw error
    makeRoom()
    return withRoom(write, others)
  }
}

/** The codes for a full disk, a quota and a limit on the size of files. */
const isFull = (error: unknown): boolean => error instanceof SQLiteError && FULL.has(error.code ?? '')

const FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'])

/** Random, since some file systems compress zeros. A reserve that cannot be written whole is removed. */
function makeReserve(path: string): void {
  const chunk = randomFillSync(Buffer.allocUnsafe(1024 * 1024))
  const descriptor = openSync(path, 'w', 0o600)
  try {
    for (let written = 0; written < RESERVE_BYTES; ) written += writeSync(descriptor, chunk)
  } catch {
    rmSync(path, { force: true })
  } finally {
    closeSync(descriptor)
  }
}
