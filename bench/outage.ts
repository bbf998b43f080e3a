// MongoDB away for a minute under 200 requests a second: what the users notice, and what is lost.
//
//   MONGODB_URI=mongodb://127.0.0.1:27017 bun bench/outage.ts [--seconds 60] [--fault refuse|hang|slow]

import { Database } from 'bun:sqlite'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import { makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { type Mode, startProxy } from '../test/proxy.ts'
import { openLoop, people, quantile, showQuantiles } from './load.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, fault: { type: 'string', default: 'refuse' } },
})
const FAULTS: Record<string, Mode> = { refuse: 'refuse', hang: 'hang', slow: { slowMs: 2_000 } }
const fault = FAULTS[values.fault]
const server = URL.parse(process.env.MONGODB_URI ?? '')
if (!fault || !server) throw new Error('MONGODB_URI must name a server, and --fault be refuse, hang or slow')

const RATE = 200
const seconds = Number(values.seconds)
const database = `screentrail-${crypto.randomUUID()}`
const proxy = await startProxy({ host: server.hostname, port: Number(server.port || 27017) })
const folder = await makeFolder(undefined, `mongodb://127.0.0.1:${proxy.port}/${database}`)
const served = await serve(folder)
const sent = new Set<string>()
const next = people(folder, (body) => sent.add(sha256(body)))

await openLoop(served.port, next, RATE, 10)
const before = await openLoop(served.port, next, RATE, seconds)
const memoryBefore = residentMb()
await proxy.set(fault)
const during = await openLoop(served.port, next, RATE, seconds)
const memoryDuring = residentMb()
const backlog = waiting()
await proxy.set('pass')
const mended = performance.now()
while (waiting() > 0) await new Promise((resolve) => setTimeout(resolve, 50))
const drained = (performance.now() - mended) / 1_000
await served.stop()

const store = await openStore(`${server.href.replace(/\/+$/, '')}/${database}`, createLog('warn'))
const { events } = await store.totals(Date.now(), 0)
await store.close()

console.log(
  `${RATE} requests/s; MongoDB ${values.fault === 'slow' ? 'slow (2 s)' : values.fault} for ${seconds} s; milliseconds`,
)
console.log(`  without the fault  ${showQuantiles(before)}   failed ${before.failed}`)
console.log(`  with the fault     ${showQuantiles(during)}   failed ${during.failed}`)
console.log(
  `  p99 ratio          ${(quantile(during.sorted, 0.99) / quantile(before.sorted, 0.99)).toFixed(2)}   (budget: 2 or less)`,
)
console.log(`  memory             ${memoryBefore} MB before, ${memoryDuring} MB at the end of the fault`)
console.log(`  backlog            ${backlog} events, drained ${drained.toFixed(1)} s after the fault`)
console.log(`  sent ${sent.size}, stored ${events}`)
await proxy.close()
await folder.remove()
process.exit()

function waiting(): number {
  const journal = new Database(join(folder.path, 'data/journal.db'), { readonly: true })
  const row = journal.query<{ n: number }, []>("SELECT count(*) AS n FROM entries WHERE kind = 'event'").get()
  journal.close()
  return row?.n ?? 0
}

function residentMb(): number {
  const status = readFileSync(`/proc/${served.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
