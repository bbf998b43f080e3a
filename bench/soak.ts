// Ten minutes of steady load: whether memory, latency and backlog stay where they are.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/soak.ts [--store mongodb|sqlite] [--minutes 10] [--rate 200]

import { parseArgs } from 'node:util'
import { makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { compare, storedIds } from '../test/stored.ts'
import { openLoop, quantile } from './load.ts'
import { crowd, people, type Sealed } from './people.ts'
import { placeFor } from './places.ts'
import { emptied, MEGABYTE, readMetrics, residentBytes, showLedger, showMegabytes } from './watch.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'mongodb' },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
  },
})
const [minutes, rate] = [Number(values.minutes), Number(values.rate)]
const SHOWN_MS = 30_000
const SAMPLE_MS = 1_000

const place = placeFor(values.store, 'data/screentrail.db')
const folder = await makeFolder(undefined, place.uri)
const { config } = await folder.load()
const served = await serve(folder)

const acknowledged = new Set<string>()
let latencies: number[] = []
const samples: { readonly minute: number; readonly bytes: number }[] = []
const started = performance.now()
const minute = () => (performance.now() - started) / 60_000
const sampling = setInterval(() => {
  samples.push({ minute: minute(), bytes: residentBytes(served.pid) })
}, SAMPLE_MS)
const showing = setInterval(() => void show(), SHOWN_MS)

console.log(`${rate} requests/s for ${minutes} minutes, ${values.store}`)
console.log('minute   resident       heap   p99 ms   backlog   lag of the event loop, p99 and worst, ms')
const { failed } = await openLoop(served.port, requests(minutes * 60 * rate), rate, ({ id, status, ms }) => {
  if (status === 200) acknowledged.add(id)
  latencies.push(ms)
})
clearInterval(sampling)
clearInterval(showing)

const { ledger } = await emptied(served.port)
await served.stop()
const { stored, lost, doubled } = compare(acknowledged, await storedIds(config.store.uri))
console.log(`acknowledged ${acknowledged.size}, failed ${failed}, stored ${stored}, lost ${lost}, doubled ${doubled}`)
console.log(showLedger(ledger))

const second = mean(samples.filter((sample) => sample.minute >= 1.75 && sample.minute <= 2.25))
const last = mean(samples.filter((sample) => sample.minute >= minutes - 0.5))
const slope = slopeOf(samples.filter((sample) => sample.minute >= minutes / 2))
console.log(
  `memory: ${showMegabytes(second)} around minute 2, ${showMegabytes(last)} in the last half minute; ` +
    `over the second half it went ${slope < 0 ? 'down' : 'up'} by ${Math.abs(slope / MEGABYTE).toFixed(2)} MB a minute`,
)
await place.remove()
await folder.remove()

/** Each is sealed just before it is sent, which takes a twentieth of a millisecond, so that none of them waits in memory. */
function* requests(count: number): Generator<Sealed> {
  const endless = crowd(people(folder), 1_000)
  for (let index = 0; index < count; index++) yield endless.next().value
}

async function show(): Promise<void> {
  const sorted = latencies.sort((a, b) => a - b)
  latencies = []
  const { ledger, heapBytes, lagMs } = await readMetrics(served.port)
  const cells = [
    minute().toFixed(1).padStart(6),
    showMegabytes(residentBytes(served.pid)).padStart(11),
    showMegabytes(heapBytes).padStart(11),
    (quantile(sorted, 0.99) ?? 0).toFixed(1).padStart(9),
    String(ledger.waiting).padStart(10),
    lagMs.p99.toFixed(1).padStart(8),
    lagMs.worst.toFixed(1).padStart(8),
  ]
  console.log(cells.join(''))
}

function mean(some: readonly { readonly bytes: number }[]): number {
  return some.reduce((sum, { bytes }) => sum + bytes, 0) / some.length
}

/** Bytes a minute, by least squares. */
function slopeOf(some: typeof samples): number {
  const middle = some.reduce((sum, { minute }) => sum + minute, 0) / some.length
  const level = mean(some)
  const covariance = some.reduce((sum, { minute, bytes }) => sum + (minute - middle) * (bytes - level), 0)
  return covariance / some.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0)
}
