import type { Log } from '../lib/log.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import type { MongoStoreOptions } from './mongo/mongo.ts'
import { openSqliteQueryStore, openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite.ts'
import type { QueryStore, Store } from './store.ts'

type MongoOptions = Omit<MongoStoreOptions, 'log'>
type SqliteOptions = Pick<SqliteStoreOptions, 'keepsOlder'>

/** The store of `store.uri`. The driver of MongoDB is loaded only when needed. */
export async function openStore(
  uri: string,
  log: Log,
  { keepsOlder, ...options }: MongoOptions & SqliteOptions = {},
): Promise<Store> {
  const file = sqliteFileOf(uri)
  return file === undefined ? openMongo(uri, log, options) : openSqliteStore(file, { log, keepsOlder })
}

/** The same with its rollups; SQLite runs on this thread then. */
export async function openQueryStore(uri: string, log: Log, { keepsOlder }: SqliteOptions = {}): Promise<QueryStore> {
  const file = sqliteFileOf(uri)
  return file === undefined ? openMongo(uri, log) : openSqliteQueryStore(file, { log, keepsOlder })
}

async function openMongo(uri: string, log: Log, options: MongoOptions = {}): Promise<QueryStore> {
  const { openMongoStore } = await import('./mongo/mongo.ts')
  return openMongoStore(uri, { log, ...options })
}
