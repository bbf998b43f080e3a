// One flow token that everybody is sent, against a token for each: what it costs them, and people beside them.
//
//   bun bench/one-token.ts [--requests 100000] [--rate 200] [--beside 20] [--store mongodb|sqlite] [--only one|many]
//
// Each run has a server of its own. `--rate` requests a second open the flow or submit one of its screens; `--beside` more come
// from people with tokens of their own, who walk it.

import { parseArgs } from 'node:util'
import { sealRequest } from '../src/simulate/client.ts'
import { type Folder, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { postBytes } from './connection.ts'
import { openLoop, quantile } from './load.ts'
import { crowd, people, type Sealed } from './people.ts'
import { placeFor } from './places.ts'
import { emptied, showLedger, showMegabytes, watchMemory } from './watch.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '200' },
    beside: { type: 'string', default: '20' },
    store: { type: 'string', default: 'sqlite' },
    only: { type: 'string' },
  },
})
const [count, rate, beside] = [Number(values.requests), Number(values.rate), Number(values.beside)]

for (const kind of ['many', 'one'] as const) if (values.only === undefined || values.only === kind) await run(kind)

async function run(kind: 'many' | 'one'): Promise<void> {
  const place = placeFor(values.store, 'data/screentrail.db')
  const folder = await makeFolder(undefined, place.uri)
  const served = await serve(folder)
  const peak = watchMemory(served.pid)
  const others: number[] = []
  const [theirs] = await Promise.all([
    openLoop(served.port, requests(folder, kind), rate),
    openLoop(served.port, walks(folder), beside, ({ ms }) => others.push(ms)),
  ])
  const bytes = peak()
  const { ledger } = await emptied(served.port)
  console.log(`${kind === 'one' ? 'one token for all  ' : 'a token for each   '} ${count} requests, ${rate}/s`)
  console.log(`  these    ${show(theirs.sorted)}   failed ${theirs.failed}`)
  console.log(`  others   ${show(others.sort((a, b) => a - b))}`)
  console.log(`  memory at most ${showMegabytes(bytes)}`)
  console.log(`  ${showLedger(ledger)}`)
  await served.stop()
  await place.remove()
  await folder.remove()
}

function* requests({ publicKey, appSecret }: Folder, kind: 'many' | 'one'): Generator<Sealed> {
  const run = crypto.randomUUID()
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const steps = [
    { action: 'INIT', screen: '', data: {} },
    { action: 'data_exchange', screen: 'SERVICE_SELECTION', data: { service: 'routine' } },
    { action: 'data_exchange', screen: 'DATE_TIME', data: { date: day, slot: 'morning' } },
    { action: 'data_exchange', screen: 'CONTACT_INFO', data: { name: 'Ana Silva', phone: '+351 912 345 678' } },
  ]
  for (let index = 0; index < count; index++) {
    const flow_token = kind === 'one' ? 'campaign-2026' : `${run}-${index}`
    const step = steps[(index * 7 + (index % 5)) % steps.length]
    const { body, headers } = sealRequest({ version: '3.0', ...step, flow_token }, publicKey, appSecret)
    yield { bytes: postBytes('/flows/repair-booking', body, { ...headers }), id: '' }
  }
}

function* walks(folder: Folder): Generator<Sealed> {
  const endless = crowd(people(folder), 50)
  for (let index = 0; index < (count / rate) * beside; index++) yield endless.next().value
}

function show(sorted: readonly number[]): string {
  return [0.5, 0.99, 1]
    .map((q) => `${q === 1 ? 'max' : `p${q * 100}`} ${(quantile(sorted, q) ?? 0).toFixed(1)}`)
    .join('  ')
}
