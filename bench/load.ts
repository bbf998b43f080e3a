// Requests sent at a fixed rate, or as fast as replies come; and what to make of the times that they took.

import { type Connection, connect } from './connection.ts'
import type { NextPerson, Sealed } from './people.ts'

/** Requests answered per second. Each connection plays one person after the other. */
export async function closedLoop(
  port: number,
  next: NextPerson,
  connections: number,
  seconds: number,
): Promise<number> {
  const waiting = Array.from({ length: Math.ceil((seconds * MOST_A_SECOND) / 5) }, () => next().map((seal) => seal()))
  function* oneAfterTheOther() {
    for (let requests = waiting.pop(); requests; requests = waiting.pop()) yield* requests
  }
  let answered = 0
  const took = await replyByReply(
    port,
    Array.from({ length: connections }, oneAfterTheOther),
    seconds,
    ({ status }) => {
      expect200(status)
      answered++
    },
  )
  return answered / took
}

/** More than any server here answers: so many are sealed before it is measured. */
export const MOST_A_SECOND = 4_000

/**
 * A connection for each of these, which sends the next of its requests when the reply is there. Several may share one iterator.
 * Resolves with the seconds that it took.
 */
export async function replyByReply(
  port: number,
  requests: readonly Iterator<Sealed>[],
  seconds: number,
  onReply: OnReply,
): Promise<number> {
  const open = await Promise.all(requests.map((mine) => connect(port).then((connection) => ({ connection, mine }))))
  const started = performance.now()
  const end = started + seconds * 1_000
  await Promise.all(
    open.map(async ({ connection, mine }) => {
      while (performance.now() < end) {
        const { value, done } = mine.next()
        if (done) throw new Error('more requests were answered than were prepared')
        const sent = performance.now()
        const status = await connection.send(value.bytes)
        onReply({ id: value.id, status, ms: performance.now() - sent })
        if (!connection.isOpen()) connection = await connect(port)
      }
      connection.close()
    }),
  )
  return (performance.now() - started) / 1_000
}

export type Latencies = { /** Milliseconds, sorted. */ readonly sorted: readonly number[]; readonly failed: number }

/** `ms` counts from the moment the request was due, so that a stall shows in everything that was due meanwhile. */
export type OnReply = (reply: { readonly id: string; readonly status: number; readonly ms: number }) => void

/** So many requests a second, whatever the replies take, until there are no more. */
export async function openLoop(
  port: number,
  requests: Iterable<Sealed>,
  rate: number,
  onReply: OnReply = () => {},
): Promise<Latencies> {
  // The longest idle first: the server ends a connection that is quiet for some time.
  const idle = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(port)))
  const latencies: number[] = []
  let failed = 0
  const send = async ({ bytes, id }: Sealed, due: number) => {
    const connection = await free(idle, port)
    const status = await connection.send(bytes)
    idle.push(connection)
    if (status !== 200) failed++
    const ms = performance.now() - due
    latencies.push(ms)
    onReply({ id, status, ms })
  }

  const underWay = new Set<Promise<void>>()
  const started = performance.now()
  let sent = 0
  for (const request of requests) {
    const due = started + (sent++ / rate) * 1_000
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1))
    const reply = send(request, due).finally(() => underWay.delete(reply))
    underWay.add(reply)
  }
  await Promise.all(underWay)
  for (const connection of idle) connection.close()
  return { sorted: latencies.sort((a, b) => a - b), failed }
}

const CONNECTIONS = 64

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

async function free(idle: Connection[], port: number): Promise<Connection> {
  let connection = idle.shift()
  while (!connection) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    connection = idle.shift()
  }
  return connection.isOpen() ? connection : connect(port)
}

function expect200(status: number): void {
  if (status !== 200) throw new Error(`expected status 200, found ${status}`)
}
