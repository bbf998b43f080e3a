// An endpoint that is there already, and an app that taps it.

import { type App, createApp } from '../src/app.ts'
import type { JsonObject } from '../src/lib/json.ts'
import { createLog } from '../src/lib/log.ts'
import { clientOf, configWith, makeFolder, startApp } from './kit.ts'

export type Asked = { readonly headers: Headers; readonly body: string }
type Override = (asked: Asked) => Response | Promise<Response> | undefined

/** A booking in three screens: what the endpoint behind the tap does. */
const BOOKING = `
booking:
  start: SERVICE
  tokens: { accept: "token != 'gone'" }
  screens:
    SERVICE:
      data: { services: [{ id: fix, title: Repair }, { id: new, title: New }], note: "" }
      fields: { service: { type: choice, in: [fix, new], required: true, message: Pick one } }
      next: CONTACT
    CONTACT:
      data: { chosen: { expr: known.service } }
      fields: { name: { type: text, required: true }, agreed: { type: boolean } }
      next: DONE
    DONE: { complete: { ref: B-1 } }
`

export type Tapped = Awaited<ReturnType<typeof startTapped>>

/** `flows`: what taps, by the address of the endpoint. */
export async function startTapped(flows: (url: string) => string) {
  const there = await startApp({ config: configWith(BOOKING) })
  const asked: Asked[] = []
  let override: Override | undefined
  const gate = Bun.serve({
    port: 0,
    async fetch(request) {
      const one = { headers: request.headers, body: await request.text() }
      asked.push(one)
      return (await override?.(one)) ?? there.client.post('booking', one.body, Object.fromEntries(one.headers))
    },
  })
  const config = configWith(flows(gate.url.origin)).replace('keys/app-secret', `${there.folder.path}/keys/app-secret`)
  const folder = await makeFolder(config)
  const app = await createApp(await folder.load(), { log: createLog('silent') })
  const client = clientOf((request) => app.handle(request), there.folder)
  let people = 0

  return {
    /** The endpoint itself. */
    there,
    app,
    folder,
    config,
    client,
    /** What the endpoint was sent. */
    asked,
    /** Answers in place of the endpoint; undefined where it does not. */
    answer(by: Override | undefined) {
      override = by
    },
    person: (flow: string, token = `p-${++people}`) => personOf({ app, client }, flow, token),
    async stop() {
      await app.stop()
      await there.stop()
      await folder.remove()
      gate.stop(true)
    },
  }
}

function personOf({ app, client }: { app: App; client: ReturnType<typeof clientOf> }, flow: string, token: string) {
  const send = (action: string, screen: string, data: JsonObject = {}) =>
    client.send(flow, { version: '3.0', action, screen, data, flow_token: token })
  const person = {
    token,
    open: () => send('INIT', ''),
    submit: (screen: string, data: JsonObject) => send('data_exchange', screen, data),
    back: (screen: string) => send('BACK', screen),
    /** From the first screen to the end. */
    async walk() {
      await person.open()
      await person.submit('SERVICE', { service: 'fix' })
      await person.submit('CONTACT', { name: 'Ana', agreed: true })
      await person.submit('DONE', {})
    },
    async events() {
      await app.settled()
      return app.store.eventsOf(flow, token)
    },
  }
  return person
}
