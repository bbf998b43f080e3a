// People walking the example flow, as the bytes of their requests.

import { sha256 } from '../src/lib/ids.ts'
import { sealRequest } from '../src/simulate/client.ts'
import type { Folder } from '../test/kit.ts'
import { postBytes } from './connection.ts'

export type Sealed = {
  readonly bytes: Uint8Array
  /** Of the event that it will be. */
  readonly id: string
}

/** The five steps of one more person, who walks the flow to its end; each is sealed when it is asked for. */
export type NextPerson = () => readonly (() => Sealed)[]

export function people({ publicKey, appSecret }: Folder): NextPerson {
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
    return walk.map((step) => () => {
      const { body, headers } = sealRequest({ version: '3.0', ...step, flow_token }, publicKey, appSecret)
      return { bytes: postBytes('/flows/repair-booking', body, { ...headers }), id: sha256(body) }
    })
  }
}

/** Requests without end: so many people take their first step, then all of them their second, and so on; then others come. */
export function* crowd(next: NextPerson, atOnce: number): Generator<Sealed, never> {
  for (;;) {
    const walks = Array.from({ length: atOnce }, next)
    for (const step of walks[0]?.keys() ?? []) for (const walk of walks) yield (walk[step] as () => Sealed)()
  }
}

/** The next so many, sealed now. The iterator goes on afterwards, which it would not after a `take` of its own. */
export const prepare = (requests: Iterator<Sealed, never>, count: number): Sealed[] =>
  Array.from({ length: count }, () => requests.next().value)
