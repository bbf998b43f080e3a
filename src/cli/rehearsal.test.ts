import { afterAll, beforeAll, expect, test } from 'bun:test'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import type { Loaded } from '../config/load-result.ts'
import type { Flow } from '../flow/definition.ts'
import { parseProfile } from '../simulate/profile.ts'
import { simulate } from '../simulate/run.ts'
import { openRehearsal, type Rehearsal } from './rehearsal.ts'

const called: string[] = []
const server = Bun.serve({
  port: 0,
  fetch(request) {
    called.push(`${request.method} ${new URL(request.url).pathname}`)
    return Response.json([{ id: 'mo', title: 'Monday' }])
  },
})

const CONFIG = configWith(`booking:
  start: BOOK
  screens:
    BOOK:
      ask: { slots: {} }
      data: { slots: { expr: "[api.slots.body]" } }
      fields: { slot: { type: choice, required: true } }
      do: { booked: { api: bookings, with: { slot: input.slot, in: token } } }
      next:
        - { when: api.booked.body.number != 'B-1', stay: It was not the example. }
        - { complete: { number: { expr: api.booked.body.number }, total: { expr: $number(input.slot) } } }
  apis:
    slots: { url: "http://localhost:${server.port}/slots" }
    bookings: { url: "http://localhost:${server.port}/bookings/{in}", method: POST, example: { number: B-1 } }
`)

let folder: Folder
let loaded: Loaded
let rehearsal: Rehearsal
beforeAll(async () => {
  folder = await makeFolder(CONFIG)
  loaded = await folder.load()
  rehearsal = await openRehearsal(loaded)
})
afterAll(async () => {
  await rehearsal?.close()
  await folder?.remove()
  await server.stop(true)
})

test('an API with an example is not called, and what fails on our side is told', async () => {
  const flow = loaded.flows.get('booking') as Flow
  const parsed = parseProfile({ leave: [], invalid: 0, back: 0, reopen: 0, client_error: 0 }, flow)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const { sessions, wrong } = await simulate(
    {
      flow,
      url: 'http://localhost/flows/booking',
      publicKey: folder.publicKey,
      appSecret: folder.appSecret,
      profile: parsed.profile,
      timezone: 'UTC',
      sessions: 3,
      concurrency: 1,
      seed: 'rehearsal',
      run: 'rehearsal',
      pace: 0,
    },
    { fetch: rehearsal.fetch, now: Date.now, sleep: async () => {} },
  )
  expect({ sessions, wrong: wrong.first }).toMatchObject({ sessions: { completed: 3 }, wrong: [] })
  expect([...new Set(called)]).toEqual(['GET /slots'])
  const { count, first } = await rehearsal.faults('booking')
  expect(count).toBe(1)
  expect(first[0]).toMatch(/^from BOOK: expression_failed of total: \$number\(input\.slot\): .+ \(3 times\)$/)
})
