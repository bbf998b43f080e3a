// What logins cost people who fill in forms: the endpoint is asked at an even pace, first by itself, then beside ten logins at
// once that never end. `bun bench/logins.ts`; `--seconds 10` for each half, `--rate 50` requests a second.

import { parseArgs } from 'node:util'
import { clientOf, makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string' }, rate: { type: 'string' } } })
const seconds = Number(values.seconds ?? 10)
const rate = Number(values.rate ?? 50)

const AT_ONCE = 10

const folder = await makeFolder()
await Bun.write(
  folder.config,
  `${await Bun.file(folder.config).text()}`.replace('trusted_proxies: 0', 'trusted_proxies: 1'),
)
const served = await serve(folder)
const base = `http://localhost:${served.port}`
const client = clientOf(fetch, folder, base)

const INIT = { version: '3.0', action: 'INIT', screen: '', data: {} }
let sent = 0

/** Milliseconds of each reply, at an even pace however long they take. */
async function ask(): Promise<readonly number[]> {
  const replies: Promise<number>[] = []
  const started = performance.now()
  for (let index = 0; index < seconds * rate; index++) {
    await Bun.sleep(Math.max(0, started + (index * 1_000) / rate - performance.now()))
    const at = performance.now()
    replies.push(
      client.send('repair-booking', { ...INIT, flow_token: `person-${sent++}` }).then(() => performance.now() - at),
    )
  }
  return Promise.all(replies)
}

const statuses = new Map<number, number>()
let isOver = false

/** Each from an address and with a name of its own, so that no limit on guesses stands before the hash. */
async function keepLoggingIn(number: number): Promise<void> {
  for (let round = 0; !isOver; round++) {
    const { status } = await fetch(`${base}/admin/login`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `10.${number}.${round >> 8}.${round & 255}` },
      body: new URLSearchParams({ name: `${number} ${round}`, password: 'three blind mice' }),
    })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status === 503) await Bun.sleep(100)
  }
}

const show = (name: string, replies: readonly number[]) => {
  const sorted = replies.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1)
  console.log(`${name.padEnd(24)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`)
}

const rssMb = async () => Number(/VmHWM:\s+(\d+)/.exec(await Bun.file(`/proc/${served.pid}/status`).text())?.[1]) / 1024

await ask()
show('by itself', await ask())
const memory = await rssMb()
const logins = Promise.all(Array.from({ length: AT_ONCE }, (_, number) => keepLoggingIn(number)))
show(`beside ${AT_ONCE} logins at once`, await ask())
isOver = true
await logins
console.log(`logins by status: ${[...statuses].map(([status, count]) => `${status} × ${count}`).join(', ')}`)
console.log(`largest memory: ${memory.toFixed(0)} MB before the logins, ${(await rssMb()).toFixed(0)} MB with them`)

await served.stop()
await folder.remove()
process.exit()
