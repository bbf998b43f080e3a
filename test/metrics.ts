// What a server shows at /metrics.

import type { Ledger } from '../src/journal/ledger.ts'

/** `metric`: with its labels, without `screentrail_`. */
export async function metricsOf(port: number): Promise<(metric: string) => number> {
  const lines = (await (await fetch(`http://localhost:${port}/metrics`)).text()).split('\n')
  return (metric) => Number(lines.find((line) => line.startsWith(`screentrail_${metric} `))?.split(' ')[1])
}

export async function ledgerShown(port: number): Promise<Ledger> {
  const read = await metricsOf(port)
  return {
    received: read('events_received_total'),
    stored: read('events_stored_total'),
    alreadyStored: read('events_repeated_total'),
    dropped: read('events_dropped_total'),
    waiting: read('events_waiting'),
    quarantined: read('events_quarantined'),
  }
}
