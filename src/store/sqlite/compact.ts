// Writes the whole file anew, without the room that removed rows have left in it.

import { Database, SQLiteError } from 'bun:sqlite'
import { dirname, resolve } from 'node:path'
import { requireRoom } from '../../lib/free-space.ts'
import { explainFull } from '../../lib/full-disk.ts'
import { databaseBytes } from '../../lib/size-on-disk.ts'
import { requireOurs } from './layout.ts'
import { BUSY_TIMEOUT_MS } from './purge.ts'

export type Compacted = { readonly bytesBefore: number; readonly bytes: number }

/**
 * In one transaction: when it is killed, the file is as it was. Others read meanwhile, and cannot write. From then on the file gives
 * back by itself what is removed, also one from before that. Throws one sentence, also where there is no room.
 */
export function compactStore(file: string): Compacted {
  const path = resolve(file)
  const db = new Database(path, { readwrite: true, create: false, strict: true })
  try {
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    requireOurs(db, path)
    cutOffLog(db)
    const bytesBefore = databaseBytes(path)
    // Once as a file beside it, and once more in the log.
    requireRoom(dirname(path), 2 * usedBytes(db), 'free some space; until then nothing is changed')
    db.run(`PRAGMA temp_store_directory = '${dirname(path).replaceAll("'", "''")}'`)
    db.run('PRAGMA temp_store = FILE')
    db.run('PRAGMA auto_vacuum = INCREMENTAL')
    db.run('VACUUM')
    cutOffLog(db)
    return { bytesBefore, bytes: databaseBytes(path) }
  } catch (error) {
    const explained = explainFull(error, path)
    if (!(explained instanceof SQLiteError)) throw explained
    if (explained.code?.startsWith('SQLITE_BUSY'))
      throw new Error(`${path} is in use by another process (${explained.message}); let it finish`)
    throw new Error(`${path} cannot be compacted (${explained.message}); \`screentrail doctor\` looks at it`)
  } finally {
    db.close(true)
  }
}

const cutOffLog = (db: Database): void => void db.run('PRAGMA wal_checkpoint(TRUNCATE)')

function usedBytes(db: Database): number {
  const numberOf = (pragma: string) => Number(db.query(`PRAGMA ${pragma}`).values()[0]?.[0] ?? 0)
  return (numberOf('page_count') - numberOf('freelist_count')) * numberOf('page_size')
}
