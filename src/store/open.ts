import type { Log } from '../lib/log.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { openSqliteQueryStore, openSqliteStore } from './sqlite/sqlite.ts'
import type { QueryStore, Store } from './store.ts'

export type OpenOptions = {
  /** Whether nobody waits for a database elsewhere: calls do, for the first attempt to connect. */
  readonly isImpatient?: boolean
  /** Called whenever a database elsewhere can be reached: the first time, and again after it was away. */
  readonly onReachable?: () => void
}

/** The store that `store.uri` names. Whoever does not use MongoDB does not load its driver either. */
export async function openStore(uri: string, log: Log, options: OpenOptions = {}): Promise<Store> {
  const file = sqliteFileOf(uri)
  return file === undefined ? openMongo(uri, log, options) : openSqliteStore(file)
}

/** The same with its rollups; a database in this process is on this thread then. */
export async function openQueryStore(uri: string, log: Log): Promise<QueryStore> {
  const file = sqliteFileOf(uri)
  return file === undefined ? openMongo(uri, log, {}) : openSqliteQueryStore(file)
}

async function openMongo(uri: string, log: Log, options: OpenOptions): Promise<QueryStore> {
  const { openMongoStore } = await import('./mongo/mongo.ts')
  return openMongoStore(uri, { log, ...options })
}
