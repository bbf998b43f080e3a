// What the abuse is made of. Each kind sends some requests and tells their statuses; 0 is a connection that broke.

import type { JsonObject } from '../../src/lib/json.ts'
import { sealRequest } from '../../src/simulate/client.ts'
import { between, pick, type Random } from '../../src/simulate/random.ts'
import type { Folder } from '../../test/kit.ts'
import { half } from './half.ts'
import { largeInput, oddText } from './inputs.ts'

export type Target = { readonly port: number; readonly folder: Folder }
export type Abuse = { readonly name: string; send(random: Random, target: Target): Promise<number[]> }

export const API_TOKEN = 'the-token-of-the-abuse'

/** A flow whose expressions work on whatever is submitted. */
export const FLOW = `
repair-booking:
  start: SERVICE_SELECTION
  trigger: input.trigger
  sequence: input.seq
  screens:
    SERVICE_SELECTION:
      fields: { service: { type: choice, in: [emergency, routine], required: true } }
      next: DATE_TIME
    DATE_TIME:
      data:
        sorted: { expr: "$sort($append([], input.list))" }
        distinct: { expr: "$count($distinct(input.list))" }
        grouped: { expr: "input.list{ $string($): $count($) }" }
        pairs: { expr: "input.list@$a.input.list@$b[$a = $b].$string($a)" }
        text: { expr: "$replace($string(input.text), /(a+)+$/, 'b') & $join($split($string(input.text), ''), ',')" }
      fields:
        date: { type: date, required: true }
        slot: { type: choice, check: "$count(input.list[$ > $average(input.list)]) < 1000000" }
      next: CONTACT_INFO
    CONTACT_INFO:
      fields:
        name: { type: text, max: 80, pattern: "([^0-9]+)+" }
        phone: { type: phone, required: true }
      next: [{ when: "known.service = 'emergency'", to: EMERGENCY }, { to: CONFIRMATION }]
    EMERGENCY: { complete: {} }
    CONFIRMATION: { complete: { booking: "B-{{ session.id }}" } }`

const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION', 'EMERGENCY']

const post = async ({ port }: Target, path: string, body: BodyInit, headers: Record<string, string> = {}) => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

const get = async ({ port }: Target, path: string, { cancelAfter }: { cancelAfter?: number } = {}) => {
  try {
    const headers = { authorization: `Bearer ${API_TOKEN}` }
    const signal = cancelAfter === undefined ? null : AbortSignal.timeout(cancelAfter)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

const signed = (target: Target, request: JsonObject) => {
  const { body, headers } = sealRequest(
    { version: '3.0', ...request } as never,
    target.folder.publicKey,
    target.folder.appSecret,
  )
  return post(target, '/flows/repair-booking', body, { ...headers })
}

const times = async (count: number, send: (index: number) => Promise<number>): Promise<number[]> => {
  const statuses: number[] = []
  for (let index = 0; index < count; index++) statuses.push(await send(index))
  return statuses
}

const submit = (random: Random, token: string, data: JsonObject, screen = pick(random, SCREENS)) => ({
  action: 'data_exchange',
  screen,
  data,
  flow_token: token,
})

export const ABUSES: readonly Abuse[] = [
  {
    name: 'garbage',
    send: (random, target) =>
      times(20, () => {
        const bytes = Uint8Array.from({ length: between(random, 0, 5_000) }, () => between(random, 0, 255))
        const path = pick(random, [
          '/flows/repair-booking',
          '/flows/nowhere',
          `/flows/${oddText(random).slice(0, 200)}`,
        ])
        return post(target, encodeURI(path.toWellFormed()), bytes, {
          'x-hub-signature-256': oddText(random).replace(/[^\x21-\x7e]/g, 'x'),
        })
      }),
  },
  { name: 'half-sent', send: (random, { port }) => half(random, port) },
  {
    name: 'one token',
    send: (random, target) =>
      times(50, (index) =>
        signed(
          target,
          index % 4 === 0
            ? { action: 'INIT', screen: '', data: {}, flow_token: 'campaign-2026' }
            : submit(random, 'campaign-2026', { service: 'routine', n: index }),
        ),
      ),
  },
  {
    name: 'new tokens, large values',
    send: (random, target) =>
      times(3, () =>
        signed(target, submit(random, crypto.randomUUID(), { text: 'x'.repeat(900_000), service: 'routine' })),
      ),
  },
  {
    name: 'large inputs',
    send: (random, target) =>
      times(2, () =>
        signed(
          target,
          submit(random, pick(random, ['a', 'b', crypto.randomUUID()]), largeInput(random), 'SERVICE_SELECTION'),
        ),
      ),
  },
  {
    name: 'made-up names',
    send: (random, target) =>
      times(20, () => {
        const name = oddText(random)
        const data = pick(random, [
          { error: name, error_message: name },
          { error_key: name },
          { [name]: name, service: name, trigger: name, seq: name },
          { date: name, slot: name, phone: name, name },
        ]) as JsonObject
        return signed(
          target,
          submit(random, pick(random, [name, crypto.randomUUID()]), data, pick(random, [name, ...SCREENS])),
        )
      }),
  },
  {
    name: 'API',
    send: (random, target) =>
      times(5, () => {
        const resource = pick(random, [
          'funnel',
          'friction',
          'paths',
          'drivers',
          'latency',
          'errors',
          'health',
          'quality',
          'payloads',
          'time-to-convert',
          'trend',
        ])
        const by = pick(random, [
          '',
          '&by=service',
          '&by=slot',
          '&by=version',
          '&by=hour',
          `&by=${encodeURIComponent(oddText(random).toWellFormed())}`,
        ])
        return get(target, `/api/v1/flows/repair-booking/${resource}?${by}`, {
          cancelAfter: pick(random, [20, 5_000]),
        })
      }),
  },
  {
    name: 'API lists',
    send: (random, target) =>
      times(5, () =>
        get(
          target,
          `/api/v1/${pick(random, ['sessions', 'incidents', 'flows', 'openapi.json'])}?limit=${pick(random, ['1', '1000', '1e9', '-1'])}`,
        ),
      ),
  },
  {
    name: 'logins',
    send: (random, target) =>
      times(4, () => {
        const form = new URLSearchParams({
          name: pick(random, ['owner', oddText(random).toWellFormed()]),
          password: 'wrong wrong wrong',
        })
        return post(target, '/admin/login', form.toString(), {
          'content-type': 'application/x-www-form-urlencoded',
          origin: `http://127.0.0.1:${target.port}`,
          'sec-fetch-site': 'same-origin',
        })
      }),
  },
  {
    name: 'odd addresses',
    send: (random, target) =>
      times(10, () =>
        get(
          target,
          encodeURI(
            `/${pick(random, ['admin', 'assets', 'flows', 'api/v1', '', '..', 'up'])}/${oddText(random).toWellFormed()}?${'q='.repeat(between(random, 0, 3_000))}`,
          ),
        ),
      ),
  },
]
