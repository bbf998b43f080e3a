// What a tap adds to the replies of an endpoint, and what `forward` adds, in one run on one machine.
//
//   bun bench/tap.ts [--seconds 10] [--rounds 5] [--rate 200]
//
// Open loop, the rounds of all cases alternate. The endpoint is that of test/tap, in Node. It is asked directly; behind a tap; behind one
// whose config is compared, and asks an API that takes 50 ms for each answer; and the first two again while Screentrail answers a flow of
// its own. A server of plain JSON stands behind `forward`. The phone's way to either server is none, as all is one machine.

import { appendFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sha256 } from '../src/lib/ids.ts'
import { sealRequest } from '../src/simulate/client.ts'
import { type Folder, makeFolder } from '../test/kit.ts'
import { listening } from '../test/listening.ts'
import { metricsOf } from '../test/metrics.ts'
import { findNode, loanBehind, startEndpoint } from '../test/node-endpoint.ts'
import { serve } from '../test/process.ts'
import { until } from '../test/until.ts'
import { postBytes } from './connection.ts'
import { median, openLoop, quantile } from './load.ts'
import { crowd, type NextPerson, people, prepare } from './people.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
  },
})
const [seconds, rounds, rate] = [values.seconds, values.rounds, values.rate].map(Number) as [number, number, number]
const node = findNode()
if (node === undefined) throw new Error('there is no node')

const folder = await makeFolder()
const backend = await listening([process.execPath, join(import.meta.dir, 'backend.ts')], {})
const apis = `http://127.0.0.1:${backend.port}`
const endpoint = await startEndpoint(node, folder, apis)
const asked = (screen: string, next: string) => `\n    ${screen}: { ask: { slow: {} }, next: ${next} }`
const flows = `
loan:${indented(loanBehind(endpoint.url))}
compared:
  tap: { url: "${endpoint.url}", compare: true }
  start: LOAN
  apis: { slow: { url: "${apis}/slow" } }
  screens:${asked('LOAN', 'DETAILS')}${asked('DETAILS', 'SUMMARY')}${asked('SUMMARY', 'COMPLETE')}
    COMPLETE: { ends: completed }
plain:
  forward: { url: "${apis}/flow" }
`
// `flows:` is the last section of the config.
await appendFile(folder.config, indented(flows))
const served = await serve(folder)

type Case = { readonly port: number; readonly requests: ReturnType<typeof crowd>; readonly isBeside?: true }
const endpointPort = Number(new URL(endpoint.url).port)
const cases = new Map<string, Case>([
  ['directly', { port: endpointPort, requests: crowd(borrowers('/', folder), 1_000) }],
  ['behind a tap', { port: served.port, requests: crowd(borrowers('/flows/loan', folder), 1_000) }],
  ['behind a tap, compared', { port: served.port, requests: crowd(borrowers('/flows/compared', folder), 1_000) }],
  ['behind forward', { port: served.port, requests: crowd(borrowers('/flows/plain', folder), 1_000) }],
  ['directly, beside', { port: endpointPort, requests: crowd(borrowers('/', folder), 1_000), isBeside: true }],
  [
    'behind a tap, beside',
    { port: served.port, requests: crowd(borrowers('/flows/loan', folder), 1_000), isBeside: true },
  ],
])
const others = crowd(people(folder), 1_000)

async function play(name: string, { port, requests, isBeside }: Case, forSeconds: number): Promise<readonly number[]> {
  const mine = prepare(requests, rate * forSeconds)
  const theirs = isBeside ? prepare(others, rate * forSeconds) : []
  const [{ sorted, failed }] = await Promise.all([openLoop(port, mine, rate), openLoop(served.port, theirs, rate)])
  failures.set(name, (failures.get(name) ?? 0) + failed)
  return sorted
}

/** Not answered with 200: on a busy machine the endpoint gives up on its APIs. */
const failures = new Map<string, number>()
const times = new Map([...cases.keys()].map((name) => [name, { p50: [] as number[], p99: [] as number[] }]))
for (const [name, each] of cases) await play(name, each, 3)
const loadBefore = loadavg()
for (let round = 0; round < rounds; round++)
  for (const [name, each] of cases) {
    const sorted = await play(name, each, seconds)
    times.get(name)?.p50.push(quantile(sorted, 0.5))
    times.get(name)?.p99.push(quantile(sorted, 0.99))
  }

const show = (name: string, of: (one: { p50: number[]; p99: number[] }) => readonly [number, number]) => {
  const [p50, p99] = of(times.get(name) as { p50: number[]; p99: number[] })
  console.log(`  ${name.padEnd(24)} p50 ${p50.toFixed(2).padStart(7)}   p99 ${p99.toFixed(2).padStart(7)}`)
}
console.log(`\n${rate} requests/s, median of ${rounds} rounds of ${seconds} s, milliseconds`)
console.log(
  `load average ${loadBefore.map((one) => one.toFixed(1)).join(' ')} before, ${loadavg()[0]?.toFixed(1)} after`,
)
for (const name of cases.keys()) show(name, ({ p50, p99 }) => [median(p50), median(p99)])
for (const [name, failed] of failures)
  if (failed > 0) console.log(`  ${name}: ${failed} requests were not answered with 200`)
console.log('added, median of the differences in each round')
for (const name of cases.keys()) {
  const direct = times.get(cases.get(name)?.isBeside ? 'directly, beside' : 'directly')
  const added = (ours: readonly number[], theirs: readonly number[] = []) =>
    median(ours.map((ms, round) => ms - (theirs[round] ?? 0)))
  if (!name.startsWith('directly')) show(name, ({ p50, p99 }) => [added(p50, direct?.p50), added(p99, direct?.p99)])
}

await until('everything is looked at', async () => (await metricsOf(served.port))('events_waiting') === 0, 60_000)
const metrics = await metricsOf(served.port)
for (const flow of ['loan', 'compared'])
  console.log(`not on the trail of ${flow}: ${metrics(`tap_unseen_total{flow="${flow}"}`)}`)

await served.stop()
await endpoint.stop()
await backend.stop()
await folder.remove()

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

/** The five steps of somebody who takes a loan, each posted to the path. */
function borrowers(path: string, { publicKey, appSecret }: Folder): NextPerson {
  const submit = (screen: string, data: object) => ({ action: 'data_exchange', screen, data })
  const walk = [
    { action: 'INIT', screen: '', data: {} },
    submit('LOAN', { amount: '320000', tenure: '24', emi: 'K 14,600' }),
    submit('DETAILS', { payment_mode: 'wallet' }),
    submit('DETAILS', { wallet_number: '0700123455' }),
    submit('SUMMARY', {}),
  ]
  return () => {
    const flow_token = `c-204.${crypto.randomUUID()}`
    return walk.map((step) => () => {
      const request = JSON.parse(JSON.stringify({ version: '3.0', ...step, flow_token }))
      const { body, headers } = sealRequest(request, publicKey, appSecret)
      return { bytes: postBytes(path, body, { ...headers }), id: sha256(body) }
    })
  }
}
