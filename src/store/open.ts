import type { Log } from '../lib/log.ts'
import { openSqliteStore } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

/** The store that `store.uri` names. Whoever does not use MongoDB does not load its driver either. */
export async function openStore(uri: string, log: Log): Promise<Store> {
  if (uri.startsWith('sqlite:')) return openSqliteStore(uri.slice('sqlite:'.length))
  const { openMongoStore } = await import('./mongo/mongo.ts')
  return openMongoStore(uri, { log })
}
