// The whole endpoint against a server that only opens and seals envelopes, in one run on one machine.
//
//   bun bench/endpoint.ts [--seconds 5] [--rounds 5]
//
// Closed loop: 16 connections, each sending its next request when the reply is there; rounds alternate between the two, and
// the medians of their rates are compared. Open loop: 500 requests a second whatever the replies take.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Folder, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { closedLoop, median, openLoop, quantile, showQuantiles } from './load.ts'
import { crowd, people, prepare } from './people.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '5' } },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const CONNECTIONS = 16
const RATE = 500

const folder = await makeFolder()
const whole = await serve(folder)
const bare = await startBare(folder)
const ports = { bare: bare.port, whole: whole.port }
const next = people(folder)

// Until the just-in-time compiler is done with both.
for (const port of Object.values(ports)) await closedLoop(port, next, CONNECTIONS, 8)

const rates = { bare: [] as number[], whole: [] as number[] }
for (let round = 0; round < rounds; round++)
  for (const name of ['bare', 'whole'] as const)
    rates[name].push(await closedLoop(ports[name], next, CONNECTIONS, seconds))
const closed = { bare: median(rates.bare), whole: median(rates.whole) }
console.log(`\nclosed loop, ${CONNECTIONS} connections, median of ${rounds} rounds of ${seconds} s`)
console.log(`  open and seal only   ${closed.bare.toFixed(0)} requests/s`)
console.log(`  whole endpoint       ${closed.whole.toFixed(0)} requests/s`)
console.log(`  ratio                ${(closed.whole / closed.bare).toFixed(2)}   (budget: 0.85 or more)`)

// Sealed before, not while it is measured.
const prepared = () => prepare(crowd(next, 1_000), RATE * seconds * 3)
const steady = {
  bare: await openLoop(ports.bare, prepared(), RATE),
  whole: await openLoop(ports.whole, prepared(), RATE),
}
console.log(`\nopen loop, ${RATE} requests/s for ${seconds * 3} s, milliseconds`)
for (const [name, latencies] of Object.entries(steady)) console.log(`  ${name.padEnd(6)} ${showQuantiles(latencies)}`)
const added = quantile(steady.whole.sorted, 0.99) - quantile(steady.bare.sorted, 0.99)
console.log(`  added at p99 ${added.toFixed(2)} ms   (budget: 10 ms or less)`)

await whole.stop()
bare.child.kill()
await folder.remove()

async function startBare({ path }: Folder) {
  const keys = [join(path, 'keys/flow-private.pem'), join(path, 'keys/flow-private.passphrase')]
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'bare.ts'), ...keys], { stdout: 'pipe' })
  const { value } = await child.stdout.getReader().read()
  return { child, port: Number(/port (\d+)/.exec(new TextDecoder().decode(value))?.[1]) }
}
