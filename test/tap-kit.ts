// An endpoint that is there already, and an app that taps it.

import { createApp } from '../src/app.ts'
import { createLog } from '../src/lib/log.ts'
import { clientOf, configWith, makeFolder, startApp } from './kit.ts'
import { personOf } from './person.ts'

export type Asked = { readonly headers: Headers; readonly body: string }
type Override = (asked: Asked) => Response | Promise<Response> | undefined

/** A booking in three screens: what the endpoint behind the tap does. */
const BOOKING = `
booking:
  start: SERVICE
  tokens: { accept: "$not(token in ['gone', 'shut'])" }
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
    person(flow: string, token = `p-${++people}`) {
      const person = personOf({ app, client }, flow, token)
      return { ...person, walk: () => walkBooking(person) }
    },
    async stop() {
      await app.stop()
      await there.stop()
      await folder.remove()
      gate.stop(true)
    },
  }
}

/** From the first screen to the end. */
async function walkBooking({ open, submit }: ReturnType<typeof personOf>): Promise<void> {
  await open()
  await submit('SERVICE', { service: 'fix' })
  await submit('CONTACT', { name: 'Ana', agreed: true })
  await submit('DONE', {})
}
