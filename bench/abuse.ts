// An hour, or less, of whatever strangers, customers and a broken script could send, drawn at random from a seed; beside people
// who walk the flow. Prints the most memory the server held, the longest its event loop was held up, and what the people saw.
//
//   bun bench/abuse.ts [--minutes 60] [--seed 1] [--at-once 8] [--store mongodb|sqlite] [--only KIND]
//
// The senders share the machine with the server, so a stall of some tens of milliseconds can be the machine's.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pick, seededRandom } from '../src/simulate/random.ts'
import { configWith, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { ABUSES, API_TOKEN, FLOW } from './abuse/kinds.ts'
import { openLoop, quantile } from './load.ts'
import { crowd, people, type Sealed } from './people.ts'
import { placeFor } from './places.ts'
import { readLag, readMetrics, residentBytes, showLedger, showMegabytes } from './watch.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '8' },
    store: { type: 'string', default: 'sqlite' },
    only: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const PEOPLE_RATE = 10

const place = placeFor(values.store, 'data/screentrail.db')
const folder = await makeFolder()
await writeFile(
  folder.config,
  configWith(
    FLOW,
    `store: { uri: "${place.uri}" }\napi: { tokens: ["${API_TOKEN}"] }\nprivacy: { key: keys/pseudonym.key }`,
  ),
)
const served = await serve(folder)
const kinds = ABUSES.filter(({ name }) => values.only === undefined || name === values.only)
if (kinds.length === 0) throw new Error(`--only: expected one of ${ABUSES.map(({ name }) => name).join(', ')}`)

const started = performance.now()
const isOver = () => performance.now() - started > minutes * 60_000
const most = { bytes: 0, lagMs: 0, kind: '' }
let underWay = ''
const watching = setInterval(() => void watch(), 1_000)

async function watch(): Promise<void> {
  most.bytes = Math.max(most.bytes, residentBytes(served.pid))
  const lagMs = await readLag(served.port).catch(() => 0)
  if (lagMs > most.lagMs) Object.assign(most, { lagMs, kind: underWay })
}

const counts = new Map<string, number>()
const senders = Array.from({ length: Number(values['at-once']) }, async (_, sender) => {
  const random = seededRandom(`${values.seed} ${sender}`)
  const target = { port: served.port, folder, config: join(folder.path, 'config.yaml') }
  while (!isOver()) {
    const kind = pick(random, kinds)
    underWay = kind.name
    for (const status of await kind.send(random, target)) {
      const text = `${kind.name} ${status}`
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  }
})
const walking = openLoop(served.port, walks(), PEOPLE_RATE)
await Promise.all(senders)
const { sorted, failed } = await walking
clearInterval(watching)
await watch()

let { ledger } = await readMetrics(served.port)
while (ledger.waiting > 0) {
  await new Promise((resolve) => setTimeout(resolve, 250))
  ledger = (await readMetrics(served.port)).ledger
}
for (const [text, count] of [...counts].sort()) console.log(`  ${text.padEnd(40)} ${String(count).padStart(8)}`)
console.log(`people: ${sorted.length} requests, ${failed} failed, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} ms`)
console.log(`memory at most ${showMegabytes(most.bytes)}, now ${showMegabytes(residentBytes(served.pid))}`)
console.log(`event loop held up ${most.lagMs.toFixed(0)} ms at most (during ${most.kind})`)
console.log(`log: ${served.output().split('\n').length} lines`)
console.log(showLedger(ledger))
await served.stop()
await place.remove()
await folder.remove()

function* walks(): Generator<Sealed> {
  const endless = crowd(people(folder), 20)
  while (!isOver()) yield endless.next().value
}

function at(q: number): string {
  return (quantile(sorted, q) ?? 0).toFixed(1)
}
