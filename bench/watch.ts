// What a server of ours looks like from outside while it is measured.

import { readFileSync } from 'node:fs'
import { isBalanced, type Ledger } from '../src/journal/ledger.ts'

export const MEGABYTE = 1 << 20

/** Bytes of memory that the process holds now. */
export const residentBytes = (pid: number): number => statusBytes(pid, 'VmRSS')

/** The most that it ever held. */
export const peakBytes = (pid: number): number => statusBytes(pid, 'VmHWM')

/** The most it holds from now on, looked at four times a second until asked. */
export function watchMemory(pid: number): () => number {
  let most = residentBytes(pid)
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid))
  }, 250)
  return () => {
    clearInterval(timer)
    return Math.max(most, residentBytes(pid))
  }
}

export const showMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`

export type Reading = { readonly ledger: Ledger; readonly heapBytes: number }

/** What `/metrics` says. */
export async function readMetrics(port: number): Promise<Reading> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const value = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
    if (found === undefined) throw new Error(`/metrics has no ${name}; the journal did not answer in time`)
    return Number(found)
  }
  return {
    ledger: {
      received: value('screentrail_events_received_total'),
      stored: value('screentrail_events_stored_total'),
      alreadyStored: value('screentrail_events_repeated_total'),
      waiting: value('screentrail_events_waiting'),
      quarantined: value('screentrail_events_quarantined'),
      dropped: value('screentrail_events_dropped_total'),
    },
    heapBytes: value('nodejs_heap_size_used_bytes'),
  }
}

export const showLedger = (ledger: Ledger): string =>
  `the ledger ${isBalanced(ledger) ? 'balances' : 'DOES NOT BALANCE'}: ${JSON.stringify(ledger)}`

function statusBytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1_024
}

/** The longest that the event loop was held up since the last reading, milliseconds. */
export async function readLag(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const found = /^screentrail_event_loop_lag_seconds\{quantile="1"\} (\S+)$/m.exec(text)?.[1]
  return found === undefined ? 0 : Number(found) * 1_000
}
