// The API of a whole app, with the flow and the people of docs/numbers.md, at their moment.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { Resource } from '../src/api/resource.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { configWith, makeFolder, startApp } from './kit.ts'
import { NOW, pageEvents, RULES } from './numbers-page.ts'

export const TOKEN = 'a-token-for-the-tests'

const FLOW = `
repair-booking:
  start: SERVICE
  funnel: [SERVICE, DATE, CONTACT, [CONFIRM, EMERGENCY]]
  screens:
    SERVICE: { fields: { service: { type: choice, in: [emergency, routine] } }, next: DATE }
    DATE: { next: CONTACT }
    HELP: { next: CONTACT }
    CONTACT: { next: [{ when: "known.service = 'emergency'", to: EMERGENCY }, { to: CONFIRM }] }
    CONFIRM: { complete: {} }
    EMERGENCY: { complete: {} }`

export type ApiOptions = {
  readonly timezone?: string
  readonly tokens?: readonly string[]
  readonly proxies?: number
  readonly store?: string
  readonly events?: readonly TrailEvent[]
  readonly now?: number
  /** Of the flow. */
  readonly flowJson?: object
}

export async function startApi(options: ApiOptions = {}) {
  const { timezone = 'UTC', tokens = [TOKEN], proxies = 0, store = 'sqlite:data/screentrail.db' } = options
  const more = [
    `server: { timezone: ${timezone}, trusted_proxies: ${proxies} }`,
    `session: { gap: 24h, lost_after: 24h, repeat_window: 1s }`,
    `store: { uri: "${store}" }`,
    `api: { tokens: ${JSON.stringify(tokens)} }`,
  ].join('\n')
  const time = { now: options.now ?? NOW }
  const { flowJson } = options
  const folder = await makeFolder(configWith(flowJson ? `${FLOW}\n  flow_json: flow.json` : FLOW, more))
  if (flowJson) await writeFile(join(folder.path, 'flow.json'), JSON.stringify(flowJson))
  const running = await startApp({ folder, clock: () => time.now })
  const events = options.events ?? pageEvents()
  if (events.length > 0)
    await running.app.store.record(events, { flows: { 'repair-booking': RULES }, otherwise: RULES })
  const send = (path: string, init: RequestInit = {}) =>
    running.app.handle(new Request(`http://localhost${path}`, init))
  return {
    ...running,
    time,
    send,
    /** As a script asks, below `/api/v1`. */
    ask: (path: string) => send(`/api/v1${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }),
    /** The answer, which is expected to be one, and to have the shape that the resource promises. */
    async tell<A extends z.ZodType>(resource: Resource<A>, path: string): Promise<z.input<A>> {
      const reply = await this.ask(path)
      const body: unknown = await reply.json()
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${JSON.stringify(body)}`)
      resource.answer.parse(body)
      return body as z.input<A>
    },
  }
}

export type Api = Awaited<ReturnType<typeof startApi>>

/** Stopped whatever comes of it. */
export async function withApi(options: ApiOptions, use: (api: Api) => Promise<void>): Promise<void> {
  const api = await startApi(options)
  try {
    await use(api)
  } finally {
    await api.stop()
  }
}

/** The resource of the flow on the page, about its two days. */
export const ofPage = (resource: string, query = ''): string =>
  `/flows/repair-booking/${resource}?from=2026-03-02&until=2026-03-03${query && `&${query}`}`
