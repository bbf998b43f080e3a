// What the journal does on a full disk.
//
// In SQLite with a write-ahead log, deleting takes room as well: the change goes into the -wal, and what is in there can only
// be moved to the file when that has room to grow. So a journal that has filled the disk could never let go of anything: what
// the store has could not be deleted, and for want of that nothing new could be written. Two things prevent this. Before
// giving up, the -wal is moved to the file, if that is possible, and filled from its beginning again. And there is a reserve:
// a file of random bytes that is deleted when the store has a batch and the journal cannot let go of it, and made again when
// the disk has plenty of room. New events never get at the reserve.

import { type Database, SQLiteError } from 'bun:sqlite'
import { randomFillSync } from 'node:crypto'
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export type DiskReserve = {
  /** Runs this, and on a full disk once more after the -wal was moved, but not at the cost of the reserve. */
  forNew<T>(write: () => T): T
  /** Runs this, and on a full disk again with all the room that can be made. */
  forLettingGo<T>(write: () => T): T
}

/**
 * Enough to move the -wal to the file (4 MB and the largest commit), and to delete one batch out of a large journal, which
 * touches a page of the index for each of its 500 entries.
 */
const RESERVE_BYTES = 8 * 1024 * 1024
/** The reserve is only made where it is small beside what is free. */
const PLENTY_BYTES = 8 * RESERVE_BYTES

/** Moving the -wal in vain costs a few milliseconds; while events come and none can be written, so often is enough. */
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
      // What was in vain may help now: the file has pages to write over.
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

/** What a full disk, a quota and a limit on the size of files look like. */
const isFull = (error: unknown): boolean => error instanceof SQLiteError && FULL.has(error.code ?? '')

const FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'])

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Random, since some file systems find room for any number of zeros. A reserve that cannot be had whole is none. */
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
