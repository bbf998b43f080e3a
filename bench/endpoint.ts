// The whole endpoint against a server that only opens and seals envelopes, in one run on one machine.
//
//   bun bench/endpoint.ts [--seconds 5] [--rounds 5] [--rsa auto] …
//
// Closed loop: 16 connections, each sending its next request when the reply is there; rounds alternate between the servers, and
// the medians of their rates are compared. Open loop: 500 requests a second whatever the replies take. With more than one
// --rsa, there is a whole endpoint for each, with that as its `meta.rsa`. The other server always opens by WebCrypto.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Folder, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { closedLoop, median, openLoop, quantile, showQuantiles } from './load.ts'
import { crowd, type NextPerson, people, prepare } from './people.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    rsa: { type: 'string', multiple: true, default: ['auto'] },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const CONNECTIONS = 16
const RATE = 500

type Server = {
  readonly name: string
  readonly port: number
  readonly next: NextPerson
  stop(): Promise<unknown>
}

const bare = await startBare(await makeFolder())
const wholes = await Promise.all(values.rsa.map(async (rsa) => startWhole(await makeFolder(), rsa)))
const servers = [bare, ...wholes]

// Until the just-in-time compiler is done with all.
for (const { port, next } of servers) await closedLoop(port, next, CONNECTIONS, 8)

const rates = new Map(servers.map((server) => [server, [] as number[]]))
for (let round = 0; round < rounds; round++)
  for (const [{ port, next }, measured] of rates) measured.push(await closedLoop(port, next, CONNECTIONS, seconds))
const rateOf = (server: Server) => median(rates.get(server) ?? [])
console.log(`\nclosed loop, ${CONNECTIONS} connections, median of ${rounds} rounds of ${seconds} s`)
for (const server of servers) console.log(`  ${server.name.padEnd(26)} ${rateOf(server).toFixed(0)} requests/s`)
for (const whole of wholes) {
  const ratio = rateOf(whole) / rateOf(bare)
  console.log(`  ratio ${whole.name.padEnd(20)} ${ratio.toFixed(2)}   (budget: 0.85 or more)`)
}

// Sealed before, not while it is measured.
const steady = async ({ port, next }: Server) => {
  const latencies = await openLoop(port, prepare(crowd(next, 1_000), RATE * seconds * 3), RATE)
  return { latencies, p99: quantile(latencies.sorted, 0.99) }
}
console.log(`\nopen loop, ${RATE} requests/s for ${seconds * 3} s, milliseconds`)
const base = await steady(bare)
console.log(`  ${bare.name.padEnd(26)} ${showQuantiles(base.latencies)}`)
for (const whole of wholes) {
  const { latencies, p99 } = await steady(whole)
  console.log(`  ${whole.name.padEnd(26)} ${showQuantiles(latencies)}`)
  console.log(`  added at p99 ${(p99 - base.p99).toFixed(2)} ms   (budget: 10 ms or less)`)
}

for (const server of servers) await server.stop()

async function startWhole(folder: Folder, rsa: string): Promise<Server> {
  await writeFile(folder.config, (await readFile(folder.config, 'utf8')).replace(/^meta:$/m, `$&\n  rsa: ${rsa}`))
  const { port, stop } = await serve(folder)
  return { name: `whole endpoint, ${rsa}`, port, next: people(folder), stop: () => stop().then(folder.remove) }
}

async function startBare(folder: Folder): Promise<Server> {
  const { path } = folder
  const keys = [join(path, 'keys/flow-private.pem'), join(path, 'keys/flow-private.passphrase')]
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'bare.ts'), ...keys], { stdout: 'pipe' })
  const { value } = await child.stdout.getReader().read()
  const stop = async () => {
    child.kill()
    await folder.remove()
  }
  const port = Number(/port (\d+)/.exec(new TextDecoder().decode(value))?.[1])
  return { name: 'open and seal only', port, next: people(folder), stop }
}
