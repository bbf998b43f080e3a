// MongoDB away under load: what people notice, what is lost, and how much memory it takes.
//
//   MONGODB_URI=mongodb://127.0.0.1:27017 bun bench/outage.ts [--fault refuse|hang|slow|cut] [--seconds 60] [--rate 200]
//
// The same load twice, first with MongoDB there, then with the fault: nobody listens; it takes requests and answers none; each
// request takes it two seconds; or all connections end twice a second. Then it is well again, and the backlog drains.

import { parseArgs } from 'node:util'
import { databaseBytes } from '../src/lib/size-on-disk.ts'
import { makeFolder } from '../test/kit.ts'
import { databaseAt, dropDatabase } from '../test/mongo.ts'
import { serve } from '../test/process.ts'
import { type Breakable, startProxy } from '../test/proxy.ts'
import { compare, storedIds } from '../test/stored.ts'
import { openLoop, quantile, showQuantiles } from './load.ts'
import { crowd, people, prepare } from './people.ts'
import { readMetrics, residentBytes, showLedger, showMegabytes, watchMemory } from './watch.ts'

/** Begins the fault; what is returned ends it. */
const FAULTS: { readonly [name: string]: (proxy: Breakable) => Promise<() => Promise<void>> } = {
  async refuse(proxy) {
    await proxy.set('refuse')
    return () => proxy.set('pass')
  },
  async hang(proxy) {
    await proxy.set('hang')
    return () => proxy.set('pass')
  },
  async slow(proxy) {
    await proxy.set({ slowMs: 2_000 })
    return () => proxy.set('pass')
  },
  async cut(proxy) {
    const timer = setInterval(proxy.cut, 500)
    return async () => clearInterval(timer)
  },
}

const { values } = parseArgs({
  options: {
    fault: { type: 'string', default: 'refuse' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '200' },
  },
})
const [seconds, rate] = [Number(values.seconds), Number(values.rate)]
const fault = FAULTS[values.fault]
const server = URL.parse(process.env.MONGODB_URI ?? '')
if (!fault || !server)
  throw new Error(`MONGODB_URI must name a server, and --fault be one of ${Object.keys(FAULTS).join(', ')}`)

const WARM_UP_SECONDS = 10
const name = `screentrail_bench_${process.pid}`
const proxy = await startProxy({ host: server.hostname, port: Number(server.port || 27017) })
const folder = await makeFolder(undefined, `mongodb://127.0.0.1:${proxy.port}/${name}`)
const { config } = await folder.load()
const served = await serve(folder)
const acknowledged = new Set<string>()

// Sealed before, not while it is measured.
const requests = crowd(people(folder), 1_000)
const prepared = [WARM_UP_SECONDS, seconds, seconds].map((long) => prepare(requests, long * rate))
const run = (index: number) =>
  openLoop(served.port, prepared[index] ?? [], rate, ({ id, status }) => {
    if (status === 200) acknowledged.add(id)
  })
const waiting = async () => (await readMetrics(served.port)).ledger.waiting

console.log(`${rate} requests/s, ${seconds} s each; fault: ${values.fault}; milliseconds`)
await run(0)
const mostWhileWell = watchMemory(served.pid)
const well = await run(1)
const wellBytes = mostWhileWell()
console.log(`  well          ${showQuantiles(well)}   failed ${well.failed}`)

const mostWithFault = watchMemory(served.pid)
const mend = await fault(proxy)
const ill = await run(2)
const illBytes = mostWithFault()
console.log(`  with fault    ${showQuantiles(ill)}   failed ${ill.failed}   (budget: none failed)`)
const ratios = [0.5, 0.9, 0.99].map(
  (q) => `p${q * 100} ${(quantile(ill.sorted, q) / quantile(well.sorted, q)).toFixed(2)}`,
)
console.log(`  ratio         ${ratios.join('   ')}   (budget: p99 2 or less)`)

const backlog = await waiting()
const journalBytes = databaseBytes(config.journal.file)
const mostWhileDraining = watchMemory(served.pid)
const mended = performance.now()
await mend()
await until(async () => (await waiting()) < backlog || backlog === 0)
const resumed = performance.now()
await until(async () => (await waiting()) === 0)
const [pause, drain] = [(resumed - mended) / 1_000, (performance.now() - resumed) / 1_000]
const drainBytes = mostWhileDraining()
console.log(
  `  backlog       ${backlog} events, ${showMegabytes(journalBytes)} with the -wal; ` +
    `begun ${pause.toFixed(1)} s after the fault, gone ${drain.toFixed(1)} s later`,
)

const { ledger } = await readMetrics(served.port)
const endBytes = residentBytes(served.pid)
await served.stop()
const uri = databaseAt(server.href, name)
const { stored, lost, doubled } = compare(acknowledged, await storedIds(uri))
console.log(
  `  acknowledged  ${acknowledged.size}, stored ${stored}, lost ${lost}, doubled ${doubled}; ${showLedger(ledger)}`,
)
// The heap is a saw-tooth, so peaks are compared with peaks.
const growth = Math.max(illBytes, drainBytes) - wellBytes
console.log(
  `  memory        at most ${showMegabytes(wellBytes)} while well, ${showMegabytes(illBytes)} with the fault, ` +
    `${showMegabytes(drainBytes)} while draining: ${showMegabytes(growth)} more (budget: less than 64 MB); ` +
    `${showMegabytes(endBytes)} at the end`,
)

await proxy.close()
await dropDatabase(uri)
await folder.remove()

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 250))
}
