// The product with a backlog, in a process of its own: bun bench/drain-process.ts CONFIG. Prints what came of it, as JSON.

import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Ledger } from '../src/journal/ledger.ts'
import { createLog } from '../src/lib/log.ts'
import { peakBytes, residentBytes } from './watch.ts'

export type Drained = {
  readonly seconds: number
  readonly ledger: Ledger
  /** Held before there was anything of the product but its code. */
  readonly bytesBefore: number
  /** Held at a quarter, at half, at three quarters of the time, and at the end. */
  readonly bytesMeanwhile: readonly number[]
  readonly bytesAtMost: number
}

const loaded = await loadConfig(process.argv[2] ?? '', {})
if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'))
const bytesBefore = residentBytes(process.pid)
const samples: number[] = []
const timer = setInterval(() => samples.push(residentBytes(process.pid)), 100)
const started = performance.now()
const app = await createApp(loaded, { log: createLog('warn') })
await app.settled()
const seconds = (performance.now() - started) / 1_000
clearInterval(timer)
samples.push(residentBytes(process.pid))

const drained: Drained = {
  seconds,
  ledger: await app.ledger(),
  bytesBefore,
  bytesMeanwhile: [0.25, 0.5, 0.75, 1].map((part) => samples[Math.ceil(part * samples.length) - 1] ?? 0),
  bytesAtMost: peakBytes(process.pid),
}
await app.stop()
console.log(JSON.stringify(drained))
