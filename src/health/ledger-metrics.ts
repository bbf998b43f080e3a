import { Registry } from 'prom-client'
import { isBalanced, type Ledger } from '../journal/ledger.ts'
import type { Backlog } from './backlog.ts'
import { metersIn } from './meters.ts'

/** The journal's ledger in Prometheus's text format, read at each scrape. */
export function createLedgerMetrics(): (backlog: Backlog, now: number) => Promise<string> {
  const registry = new Registry()
  const { counter, gauge } = metersIn(registry)
  const counters = COUNTERS.map(([entry, name, help]) => ({ entry, counter: counter(`events_${name}`, help) }))
  const waiting = gauge('events_waiting', 'Events in the journal that the store has not acknowledged yet.')
  const quarantined = gauge('events_quarantined', 'Events that the store refused for their content.')
  const balanced = gauge('ledger_balanced', '1 when every event is accounted for, as it always must be.')
  const age = gauge('backlog_age_seconds', 'Age of the oldest entry that waits for the store; 0 when none does.')

  return ({ ledger, oldestAt }, now) => {
    for (const { entry, counter } of counters) {
      counter.reset()
      counter.inc(ledger[entry])
    }
    waiting.set(ledger.waiting)
    quarantined.set(ledger.quarantined)
    balanced.set(isBalanced(ledger) ? 1 : 0)
    age.set(oldestAt === undefined ? 0 : Math.max(0, now - oldestAt) / 1_000)
    return registry.metrics()
  }
}

const COUNTERS: readonly (readonly [entry: keyof Ledger, name: string, help: string])[] = [
  ['received', 'received', 'Requests that gave an event, since the journal was made.'],
  ['stored', 'stored', 'Events that the store acknowledged as new.'],
  ['alreadyStored', 'repeated', 'Events that the store knew already.'],
  [
    'dropped',
    'dropped',
    'Events that could not be journaled, or read back from a damaged journal; their users were answered.',
  ],
]
