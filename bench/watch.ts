// What a server of ours looks like from outside while it is measured.

import { readFileSync } from 'node:fs'
import { isBalanced, type Ledger } from '../src/journal/ledger.ts'

export const MEGABYTE = 1 << 20

/** Bytes of memory that the process holds now. */
export const residentBytes = (pid: number): number => statusBytes(pid, 'VmRSS')

/** The most that it ever held. */
export const peakBytes = (pid: number): number => statusBytes(pid, 'VmHWM')

/** Processor time of all its threads so far, milliseconds. */
export function processorMs(pid: number): number {
  // The name of the program comes before, in parentheses, and may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** What all processors of the machine together have been busy so far, milliseconds. */
export function machineMs(): number {
  const counts = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/ +/).slice(1).map(Number) ?? []
  const [user = 0, nice = 0, system = 0, _idle, _iowait, irq = 0, softirq = 0] = counts
  return (user + nice + system + irq + softirq) * TICK_MS
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10

/** Bytes that the process has had written to disks so far. */
export const writtenBytes = (pid: number): number =>
  Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])

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

export type Reading = {
  readonly ledger: Ledger
  readonly heapBytes: number
  /** How late the event loop came round since the reading before: one time in a hundred, and at worst. Milliseconds. */
  readonly lagMs: { readonly p99: number; readonly worst: number }
}

/** What `/metrics` says. */
export async function readMetrics(port: number): Promise<Reading> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const value = (name: string): number => {
    const found = new RegExp(`^${RegExp.escape(name)} (\\S+)$`, 'm').exec(text)?.[1]
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
    lagMs: {
      p99: value('screentrail_event_loop_lag_seconds{quantile="0.99"}') * 1_000,
      worst: value('screentrail_event_loop_lag_seconds{quantile="1"}') * 1_000,
    },
  }
}

/** Resolves with the first reading by which nothing waits for the store; takes one four times a second. */
export async function emptied(port: number): Promise<Reading> {
  let reading = await readMetrics(port)
  while (reading.ledger.waiting > 0) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    reading = await readMetrics(port)
  }
  return reading
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
