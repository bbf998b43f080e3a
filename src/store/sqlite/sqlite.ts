import type { LogLines } from '../../lib/rate-limited-log.ts'
import { type Connection, connectHere, connectWorker, type Remote, startThread } from '../../lib/worker.ts'
import { guardCalls, guardRollups } from '../guard.ts'
import type { QueryStore, Store } from '../store.ts'
import { validateBatch } from '../validate-batch.ts'
import type { Migration } from './database.ts'
import type { SqliteCalls } from './synchronous-store.ts'
import type { OpenCall } from './worker.ts'

export type SqliteStoreOptions = {
  readonly log?: Pick<LogLines, 'warn'>
  /** Whether a file of an older layout is copied before it is brought up to date. */
  readonly keepsOlder?: boolean | undefined
}

/**
 * A store in one SQLite file, on a thread of its own. The file and its folder are created when missing. Rejects with one sentence
 * that names the file and the fix when it cannot be opened.
 */
export async function openSqliteStore(
  file: string,
  { log, keepsOlder = true }: SqliteStoreOptions = {},
): Promise<Store> {
  const connection = connectWorker<SqliteCalls & OpenCall>(startThread('store/sqlite/worker.ts'))
  try {
    const { names, migration } = await connection.remote.open(file, keepsOlder)
    tell(log, file, migration)
    return storeOf(connection, names, openOrClosed(file))
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The same on this thread, with its rollups: every query holds up whatever else is here. */
export async function openSqliteQueryStore(
  file: string,
  { log, keepsOlder = true }: SqliteStoreOptions = {},
): Promise<QueryStore> {
  // Loaded only here: a thread that has the database elsewhere does without.
  const { openSynchronousStore } = await import('./synchronous-store.ts')
  const { calls, rollups, migration } = openSynchronousStore(file, keepsOlder)
  tell(log, file, migration)
  const state = openOrClosed(file)
  return {
    ...storeOf(connectHere(calls), Object.keys(calls), state),
    rollups: {
      sessions: guardRollups(rollups.sessions, state.whenOpen),
      events: guardRollups(rollups.events, state.whenOpen),
    },
  }
}

function tell(log: SqliteStoreOptions['log'], file: string, migration: Migration | undefined): void {
  if (!log || !migration) return
  const { from, to, kept } = migration
  const asItWas = kept === undefined ? '' : `; as it was, it is kept as ${kept} until you remove it`
  log.warn(migration, `the store ${file} was brought from layout ${from} to ${to}${asItWas}`)
}

type State = ReturnType<typeof openOrClosed>

function openOrClosed(file: string) {
  let closed: Promise<void> | undefined
  return {
    whenOpen: <Result>(call: () => Promise<Result>): Promise<Result> =>
      closed ? Promise.reject(new Error(`store: ${file} is closed`)) : call(),
    close(close: () => Promise<void>): Promise<void> {
      closed ??= close()
      return closed
    },
  }
}

/** `names`: of all calls. */
function storeOf(connection: Connection<SqliteCalls>, names: readonly string[], { whenOpen, close }: State): Store {
  const remote = Object.fromEntries(names.map((name) => [name, connection.remote[name as keyof SqliteCalls]]))
  const { record, close: closeDatabase, ...calls } = remote as Remote<SqliteCalls>
  return {
    ...guardCalls(calls, whenOpen),
    record: (events, rules) =>
      whenOpen(async () => {
        const { accepted, refused } = validateBatch(events)
        // As text, because copying objects from thread to thread costs several times as much.
        return { ...(await record(JSON.stringify(accepted), rules)), refused }
      }),
    close: () => close(() => closeDatabase().finally(connection.close)),
  }
}
