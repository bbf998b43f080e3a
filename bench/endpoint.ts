// The whole endpoint against a server that only opens and seals envelopes, in one run on one machine.
//
//   bun bench/endpoint.ts [--seconds 5] [--rounds 5]
//
// Closed loop: 16 connections, each sending its next request when the reply is there; rounds alternate between the two, and
// the median of their rates is compared. Open loop: 500 requests a second whatever the replies take; latency counts from
// the moment a request was due, so a stall shows in everything that was due meanwhile.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sealRequest } from '../src/simulate/client.ts'
import { type Folder, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { type Connection, connect, postBytes } from './connection.ts'

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
const targets = { whole: whole.port, bare: bare.port }
const next = requests(folder)

const rates = { whole: [] as number[], bare: [] as number[] }
// Until the just-in-time compiler is done with both.
for (const port of Object.values(targets)) await closedLoop(port, 8)
for (let round = 0; round < rounds; round++) {
  for (const name of ['bare', 'whole'] as const) rates[name].push(await closedLoop(targets[name], seconds))
}
const closed = { whole: median(rates.whole), bare: median(rates.bare) }
console.log(`\nclosed loop, ${CONNECTIONS} connections, median of ${rounds} rounds of ${seconds} s`)
console.log(`  open and seal only   ${closed.bare.toFixed(0)} requests/s`)
console.log(`  whole endpoint       ${closed.whole.toFixed(0)} requests/s`)
console.log(`  ratio                ${(closed.whole / closed.bare).toFixed(3)}   (budget: 0.85 or more)`)

const latencies = { bare: await openLoop(targets.bare, seconds * 3), whole: await openLoop(targets.whole, seconds * 3) }
console.log(`\nopen loop, ${RATE} requests/s for ${seconds * 3} s, milliseconds`)
for (const [name, sorted] of Object.entries(latencies))
  console.log(
    `  ${name.padEnd(6)} p50 ${at(sorted, 0.5)}   p90 ${at(sorted, 0.9)}   p99 ${at(sorted, 0.99)}   max ${at(sorted, 1)}`,
  )
const added = quantile(latencies.whole, 0.99) - quantile(latencies.bare, 0.99)
console.log(`  added at p99 ${added.toFixed(2)} ms   (budget: 10 ms or less)`)

await whole.stop()
bare.child.kill()
await folder.remove()

async function startBare({ path }: Folder) {
  const keys = [join(path, 'keys/flow-private.pem'), join(path, 'keys/flow-private.passphrase')]
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'bare.ts'), ...keys], { stdout: 'pipe' })
  const { value } = await child.stdout.getReader().read()
  const port = Number(/port (\d+)/.exec(new TextDecoder().decode(value))?.[1])
  return { child, port }
}

/** People walking the example flow to its end; sealed outside the measured time. */
function requests({ publicKey, appSecret }: Folder) {
  const today = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const walk = [
    { action: 'INIT', screen: '', data: {} },
    { action: 'data_exchange', screen: 'SERVICE_SELECTION', data: { service: 'routine' } },
    { action: 'data_exchange', screen: 'DATE_TIME', data: { date: today, slot: 'morning' } },
    { action: 'data_exchange', screen: 'CONTACT_INFO', data: { name: 'Ana Silva', phone: '+351 912 345 678' } },
    { action: 'data_exchange', screen: 'CONFIRMATION', data: {} },
  ]
  const run = crypto.randomUUID()
  let person = 0
  return (): Uint8Array[] => {
    const flow_token = `${run}-${person++}`
    return walk.map((step) => {
      const { body, headers } = sealRequest({ version: '3.0', ...step, flow_token }, publicKey, appSecret)
      return postBytes('/flows/repair-booking', body, { ...headers })
    })
  }
}

/** Requests answered per second. Each connection plays one person after the other. */
async function closedLoop(port: number, duration: number): Promise<number> {
  const people = Array.from({ length: Math.ceil((duration * 4_000) / 5) }, next)
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(port)))
  const started = performance.now()
  const end = started + duration * 1_000
  let answered = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        for (const request of people.pop() ?? ran('out of requests')) {
          expect200(await connection.send(request))
          answered++
        }
      }
    }),
  )
  const rate = answered / ((performance.now() - started) / 1_000)
  for (const connection of connections) connection.close()
  return rate
}

/** Latencies in milliseconds, sorted. */
async function openLoop(port: number, duration: number): Promise<number[]> {
  const people = Array.from({ length: Math.ceil((duration * RATE) / 5) }, next)
  const queue = Array.from({ length: 5 }, (_, step) => people.map((steps) => steps[step] as Uint8Array)).flat()
  const idle: Connection[] = await Promise.all(Array.from({ length: 64 }, () => connect(port)))
  const all = [...idle]
  const latencies: number[] = []
  const started = performance.now()
  const underWay: Promise<void>[] = []
  for (let index = 0; index < queue.length; ) {
    const due = Math.floor(((performance.now() - started) / 1_000) * RATE)
    for (; index < Math.min(due, queue.length); index++) {
      const wanted = started + (index / RATE) * 1_000
      underWay.push(
        sendWhenFree(idle, queue[index] as Uint8Array).then(() => void latencies.push(performance.now() - wanted)),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(underWay)
  for (const connection of all) connection.close()
  return latencies.sort((a, b) => a - b)
}

async function sendWhenFree(idle: Connection[], request: Uint8Array): Promise<void> {
  let connection = idle.pop()
  while (!connection) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    connection = idle.pop()
  }
  expect200(await connection.send(request))
  idle.push(connection)
}

function expect200(status: number): void {
  if (status !== 200) throw new Error(`expected status 200, found ${status}`)
}

function ran(what: string): never {
  throw new Error(`ran ${what}`)
}

function median(numbers: number[]): number {
  return quantile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  )
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number
}

function at(sorted: readonly number[], q: number): string {
  return quantile(sorted, q).toFixed(2).padStart(7)
}
