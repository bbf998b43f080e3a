import type { Log } from '../lib/log.ts'
import { openSqliteStore, type Thread } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

export type OpenOptions = {
  /** Where a database in this process lives; on `this` one every query holds up whatever else is there. */
  readonly thread?: Thread
  /** Whether nobody waits for a database elsewhere: calls do, for the first attempt to connect. */
  readonly isImpatient?: boolean
  /** Called whenever a database elsewhere can be reached: the first time, and again after it was away. */
  readonly onReachable?: () => void
}

/** The store that `store.uri` names. Whoever does not use MongoDB does not load its driver either. */
export async function openStore(uri: string, log: Log, { thread, ...options }: OpenOptions = {}): Promise<Store> {
  if (uri.startsWith('sqlite:')) return openSqliteStore(uri.slice('sqlite:'.length), thread)
  const { openMongoStore } = await import('./mongo/mongo.ts')
  return openMongoStore(uri, { log, ...options })
}
