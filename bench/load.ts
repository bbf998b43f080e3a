// People walking the example flow as prepared bytes, sent at a fixed rate or as fast as replies come.

import { sealRequest } from '../src/simulate/client.ts'
import type { Folder } from '../test/kit.ts'
import { type Connection, connect, postBytes } from './connection.ts'

/** The five requests of one more person, who walks the flow to its end. */
export type NextPerson = () => Uint8Array[]

/** `onSealed` sees every body that will be sent. */
export function people({ publicKey, appSecret }: Folder, onSealed: (body: string) => void = () => {}): NextPerson {
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const walk = [
    { action: 'INIT', screen: '', data: {} },
    { action: 'data_exchange', screen: 'SERVICE_SELECTION', data: { service: 'routine' } },
    { action: 'data_exchange', screen: 'DATE_TIME', data: { date: day, slot: 'morning' } },
    { action: 'data_exchange', screen: 'CONTACT_INFO', data: { name: 'Ana Silva', phone: '+351 912 345 678' } },
    { action: 'data_exchange', screen: 'CONFIRMATION', data: {} },
  ]
  const run = crypto.randomUUID()
  let person = 0
  return () => {
    const flow_token = `${run}-${person++}`
    return walk.map((step) => {
      const { body, headers } = sealRequest({ version: '3.0', ...step, flow_token }, publicKey, appSecret)
      onSealed(body)
      return postBytes('/flows/repair-booking', body, { ...headers })
    })
  }
}

/** Requests answered per second. Each connection plays one person after the other. */
export async function closedLoop(
  port: number,
  next: NextPerson,
  connections: number,
  seconds: number,
): Promise<number> {
  const waiting = Array.from({ length: Math.ceil((seconds * 4_000) / 5) }, next)
  const open = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  const started = performance.now()
  const end = started + seconds * 1_000
  let answered = 0
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() < end) {
        const requests = waiting.pop()
        if (!requests) throw new Error('more people were served than were prepared')
        for (const request of requests) {
          expect200(await connection.send(request))
          answered++
        }
      }
    }),
  )
  const rate = answered / ((performance.now() - started) / 1_000)
  for (const connection of open) connection.close()
  return rate
}

export type Latencies = { /** Milliseconds, sorted. */ readonly sorted: readonly number[]; readonly failed: number }

/**
 * So many requests a second, whatever the replies take. A latency counts from the moment the request was due, so that a
 * stall shows in everything that was due meanwhile. All people take their first step, then all their second, and so on.
 */
export async function openLoop(port: number, next: NextPerson, rate: number, seconds: number): Promise<Latencies> {
  const waiting = Array.from({ length: Math.ceil((seconds * rate) / 5) }, next)
  const queue = Array.from({ length: 5 }, (_, step) => waiting.map((steps) => steps[step] as Uint8Array)).flat()
  const all = await Promise.all(Array.from({ length: 64 }, () => connect(port)))
  const idle = [...all]
  const latencies: number[] = []
  let failed = 0
  const underWay: Promise<void>[] = []
  const started = performance.now()
  const send = async (request: Uint8Array, due: number) => {
    const status = await sendWhenFree(idle, request)
    if (status !== 200) failed++
    latencies.push(performance.now() - due)
  }
  for (let index = 0; index < queue.length; ) {
    const due = Math.min(queue.length, Math.floor(((performance.now() - started) / 1_000) * rate))
    for (; index < due; index++) underWay.push(send(queue[index] as Uint8Array, started + (index / rate) * 1_000))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(underWay)
  for (const connection of all) connection.close()
  return { sorted: latencies.sort((a, b) => a - b), failed }
}

export const median = (numbers: readonly number[]): number =>
  quantile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  )

export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number

export const showQuantiles = ({ sorted }: Latencies): string =>
  [0.5, 0.9, 0.99, 1]
    .map((q) => `${q === 1 ? 'max' : `p${q * 100}`} ${quantile(sorted, q).toFixed(2).padStart(7)}`)
    .join('   ')

async function sendWhenFree(idle: Connection[], request: Uint8Array): Promise<number> {
  let connection = idle.pop()
  while (!connection) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    connection = idle.pop()
  }
  const status = await connection.send(request)
  idle.push(connection)
  return status
}

function expect200(status: number): void {
  if (status !== 200) throw new Error(`expected status 200, found ${status}`)
}
