import type { Log } from '../lib/log.ts'
import { openSqliteStore, type Thread } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

/**
 * The store that `store.uri` names. Whoever does not use MongoDB does not load its driver either.
 * `thread`: where a database in this process lives; on `this` one every query holds up whatever else is there.
 */
export async function openStore(uri: string, log: Log, thread: Thread = 'own'): Promise<Store> {
  if (uri.startsWith('sqlite:')) return openSqliteStore(uri.slice('sqlite:'.length), thread)
  const { openMongoStore } = await import('./mongo/mongo.ts')
  return openMongoStore(uri, { log })
}
