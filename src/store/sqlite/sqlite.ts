import { type Connection, connectHere, connectWorker, type Remote, startThread } from '../../lib/worker.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { guardRollups } from '../guard.ts'
import type { QueryStore, Store } from '../store.ts'
import { validateBatch } from '../validate-batch.ts'
import type { SqliteCalls } from './synchronous-store.ts'

/**
 * A store in one SQLite file, on a thread of its own. The file and its folder are created when missing. Rejects with one sentence
 * that names the file and the fix when it cannot be opened.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const connection = connectWorker<SqliteCalls & { open(file: string): void }>(startThread('store/sqlite/worker.ts'))
  try {
    await connection.remote.open(file)
  } catch (error) {
    connection.close()
    throw error
  }
  return storeOf(connection, openOrClosed(file))
}

/** The same on this thread, with its rollups: every query holds up whatever else is here. */
export async function openSqliteQueryStore(file: string): Promise<QueryStore> {
  // Loaded only here: a thread that has the database elsewhere does without.
  const { openSynchronousStore } = await import('./synchronous-store.ts')
  const { calls, rollups } = openSynchronousStore(file)
  const state = openOrClosed(file)
  return {
    ...storeOf(connectHere(calls), state),
    rollups: {
      sessions: guardRollups(rollups.sessions, state.whenOpen),
      events: guardRollups(rollups.events, state.whenOpen),
    },
  }
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

function storeOf({ remote, close: leave }: Connection<SqliteCalls>, { whenOpen, close }: State): Store {
  const call =
    <Name extends keyof SqliteCalls>(name: Name): Remote<SqliteCalls>[Name] =>
    // @ts-expect-error the arguments are those of the call
    (...args) =>
      whenOpen(() => remote[name](...args))
  return {
    record: (events: readonly TrailEvent[], rules: SessionRulebook) =>
      whenOpen(async () => {
        const { accepted, refused } = validateBatch(events)
        // As text, because copying objects from thread to thread costs several times as much.
        return { ...(await remote.record(JSON.stringify(accepted), rules)), refused }
      }),
    addIncidents: call('addIncidents'),
    eventsOf: call('eventsOf'),
    newestEventsOf: call('newestEventsOf'),
    session: call('session'),
    sessionsOf: call('sessionsOf'),
    trails: call('trails'),
    rederive: call('rederive'),
    sessions: call('sessions'),
    events: call('events'),
    incidents: call('incidents'),
    incidentCounts: call('incidentCounts'),
    flows: call('flows'),
    exits: call('exits'),
    totals: call('totals'),
    getDocument: call('getDocument'),
    documents: call('documents'),
    putDocument: call('putDocument'),
    deleteDocuments: call('deleteDocuments'),
    audit: call('audit'),
    audits: call('audits'),
    close: () =>
      close(async () => {
        try {
          await remote.close()
        } finally {
          leave()
        }
      }),
  }
}
