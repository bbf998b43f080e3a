import { type Connection, connectHere, connectWorker, startThread } from '../../lib/worker.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import type {
  EventAggregateQuery,
  LabelledEventAggregate,
  LabelledStatistics,
  StatisticsQuery,
  Store,
} from '../store.ts'
import { validateBatch } from '../validate-batch.ts'
import type { LocalStore } from './synchronous-store.ts'

/**
 * A store in one SQLite file, which is created with its folder when missing. Rejects with one sentence that names the file
 * and the fix when it cannot be opened. `thread`: that the database lives on.
 */
export async function openSqliteStore(file: string, thread: Thread = 'own'): Promise<Store> {
  const { remote, close: leave } = thread === 'own' ? await openBeside(file) : await openHere(file)

  let closed: Promise<void> | undefined
  const close = async () => {
    try {
      await remote.close()
    } finally {
      leave()
    }
  }
  const whenOpen =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      closed ? Promise.reject(new Error(`store: ${file} is closed`)) : call(...args)

  return {
    record: whenOpen(async (events: readonly TrailEvent[], rules: SessionRulebook) => {
      const { accepted, refused } = validateBatch(events)
      // As text, because copying objects from thread to thread costs several times as much.
      return { ...(await remote.record(JSON.stringify(accepted), rules)), refused }
    }),
    addIncidents: whenOpen(remote.addIncidents),
    eventsOf: whenOpen(remote.eventsOf),
    newestEventsOf: whenOpen(remote.newestEventsOf),
    session: whenOpen(remote.session),
    sessionsOf: whenOpen(remote.sessionsOf),
    trails: whenOpen(remote.trails),
    rederive: whenOpen(remote.rederive),
    sessionStatistics: whenOpen(
      async (query: StatisticsQuery) => JSON.parse(await remote.tallies(query)) as LabelledStatistics[],
    ),
    eventAggregates: whenOpen(
      async (query: EventAggregateQuery) => JSON.parse(await remote.traffic(query)) as LabelledEventAggregate[],
    ),
    refresh: whenOpen(remote.refresh),
    recomputeRollups: whenOpen(remote.rollAnew),
    sessions: whenOpen(remote.sessions),
    events: whenOpen(remote.events),
    incidents: whenOpen(remote.incidents),
    incidentCounts: whenOpen(remote.incidentCounts),
    flows: whenOpen(remote.flows),
    exits: whenOpen(remote.exits),
    totals: whenOpen(remote.totals),
    getDocument: whenOpen(remote.getDocument),
    documents: whenOpen(remote.documents),
    putDocument: whenOpen(remote.putDocument),
    deleteDocuments: whenOpen(remote.deleteDocuments),
    audit: whenOpen(remote.audit),
    audits: whenOpen(remote.audits),
    close() {
      closed ??= close()
      return closed
    },
  }
}

export type Thread = 'own' | 'this'

/** Loaded only here: a thread that has the database elsewhere does without. */
async function openHere(file: string): Promise<Connection<LocalStore>> {
  const { openLocalStore } = await import('./synchronous-store.ts')
  return connectHere(openLocalStore(file))
}

async function openBeside(file: string): Promise<Connection<LocalStore>> {
  const connection = connectWorker<LocalStore & { open(file: string): void }>(startThread('store/sqlite/worker.ts'))
  try {
    await connection.remote.open(file)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}
