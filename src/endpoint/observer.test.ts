// What a tap sees, when it is more than can be looked at at once: replies pass, and what is not on the trail is counted.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { type Client, clientOf, configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { type App, createApp } from '../app.ts'
import { generateFlowKey, randomSecret } from '../config/generate-keys.ts'
import type { Flow } from '../flow/definition.ts'
import type { JsonObject } from '../lib/json.ts'
import { createLog } from '../lib/log.ts'
import { type Sealed, sealRequest } from '../simulate/client.ts'
import { createObserver } from './observer.ts'

const SCRAPER = randomSecret()

/** More than are looked at at a time. */
const HELD = 100
const LARGE = Buffer.alloc(7 * 1024 * 1024, 'a').toString()

const SCREENS = `
  screens:
    HOW: { fields: { mode: { type: choice, in: [wallet, bank] } }, next: NUMBER }
    NUMBER: { fields: { number: { type: text, required: { expr: known.mode = 'wallet' } } }, next: DONE }
    DONE: {}
`
const THERE = `payout:\n  start: HOW${SCREENS}`

let folders: readonly Folder[]
let olderKey: KeyObject
let newKey: KeyObject
let secret: string
let there: App
let app: App
let client: Client
let gate: ReturnType<typeof Bun.serve>
let letGo: () => void
let isLarge: boolean

beforeEach(async () => {
  const letGone = new Promise<void>((resolve) => {
    letGo = resolve
  })
  isLarge = false
  gate = Bun.serve({
    port: 0,
    async fetch(request) {
      if (request.method === 'GET') {
        await letGone
        return Response.json({})
      }
      const { headers } = request
      const body = await request.text()
      if (isLarge) return new Response(LARGE)
      return there.handle(new Request('http://localhost/flows/payout', { method: 'POST', headers, body }))
    },
  })
  const tap = `tap: { url: "${gate.url.origin}/flow", compare: true }`
  folders = [await makeFolder(), await makeFolder()]
  const [theirs, ours] = folders as [Folder, Folder]
  olderKey = await addOlderKey(theirs)
  newKey = theirs.publicKey
  secret = theirs.appSecret
  await writeConfig(theirs, theirs, THERE)
  await writeConfig(
    ours,
    theirs,
    `
payout:
  tap: { url: "${gate.url.origin}/flow" }${SCREENS.replaceAll(/, next: \w+/g, '')}
asking:
  ${tap}
  start: HOW
  apis: { held: { url: "${gate.url.origin}/held", timeout: 60s } }
  open: { ask: { held: {} } }${SCREENS}
`,
  )
  const log = createLog('silent')
  there = await createApp(await theirs.load(), { log })
  app = await createApp(await ours.load(), { log })
  client = clientOf((request) => app.handle(request), theirs)
})
afterEach(async () => {
  letGo()
  await app.stop()
  await there.stop()
  for (const folder of folders) await folder.remove()
  gate.stop(true)
})

async function addOlderKey({ path }: Folder): Promise<KeyObject> {
  const older = await generateFlowKey()
  await writeFile(join(path, 'keys/older.pem'), older.privatePem)
  await writeFile(join(path, 'keys/older.passphrase'), older.passphrase)
  return createPublicKey(older.publicPem)
}

/** With the keys and the secret of the one folder. The newest key stands there often, so that the older one takes longer. */
const writeConfig = ({ config }: Folder, { path }: Folder, flows: string) => {
  const keyOf = (name: string) => `{ file: keys/${name}.pem, passphrase: "\${file:keys/${name}.passphrase}" }`
  const keys = [...Array(8).fill('flow-private'), 'older'].map(keyOf).join(', ')
  const text = configWith(flows, `server: { metrics_token: ${SCRAPER} }`).replace(/keys: \[.*\]/, `keys: [${keys}]`)
  return writeFile(config, text.replaceAll('keys/', `${path}/keys/`))
}

const bytesOf = (token: string, action: string, screen = '', data: JsonObject = {}, key = newKey) =>
  sealRequest({ version: '3.0', action, screen, data, flow_token: token }, key, secret)
const post = (flow: string, { body, headers }: Sealed) => client.post(flow, body, { ...headers })

/** Until `letGo`, whatever comes next waits. */
async function holdObserver() {
  const openings = Array.from({ length: HELD }, (_, index) => post('asking', bytesOf(`held-${index}`, 'INIT')))
  for (const { status } of await Promise.all(openings)) expect(status).toBe(200)
}

const unseen = async () => {
  const metrics = await (
    await app.handle(new Request('http://localhost/metrics', { headers: { authorization: `Bearer ${SCRAPER}` } }))
  ).text()
  return Number(/^screentrail_tap_unseen_total\{flow="payout"\} (\d+)$/m.exec(metrics)?.[1])
}

test('more than may wait: people are answered as before, and the rest is counted', async () => {
  await holdObserver()
  isLarge = true
  for (let count = 1; count <= 20; count++) {
    const response = await post('payout', bytesOf(`large-${count}`, 'INIT'))
    expect([response.status, (await response.text()) === LARGE]).toEqual([200, true])
  }
  // 64 MB have room for nine replies of 7 MB.
  expect(await unseen()).toBe(11)
  letGo()
  await app.settled()
  expect(await unseen()).toBe(11)
  expect(await app.ledger()).toMatchObject({ received: HELD + 9, stored: HELD + 9, dropped: 0 })
}, 30_000)

test('what waited is looked at in the order in which it came', async () => {
  await holdObserver()
  const people = Array.from({ length: 20 }, (_, index) => `person-${index}`)
  for (const token of people) {
    expect((await post('payout', bytesOf(token, 'INIT'))).status).toBe(200)
    // What is sealed for the older key takes longer to open.
    await post('payout', bytesOf(token, 'data_exchange', 'HOW', { mode: 'wallet' }, olderKey))
    await post('payout', bytesOf(token, 'data_exchange', 'NUMBER', { number: '' }))
  }
  letGo()
  await app.settled()
  const last = await Promise.all(people.map(async (token) => (await app.store.eventsOf('payout', token)).at(-1)))
  // That the number was required is only known from what came before.
  for (const event of last) expect(event).toMatchObject({ errors: [{ field: 'number', rule: 'required' }] })
}, 30_000)

test('a fault of ours is logged and counted, and the next one is looked at', async () => {
  const seen: string[] = []
  const lines: string[] = []
  const observer = createObserver({
    async observe({ status }) {
      if (status === 500) throw new Error('ours')
      seen.push('looked at')
      return false
    },
    metrics: {
      observeReply: ({ status }) => seen.push(`answered ${status}`),
      observeUnseen: () => seen.push('unseen'),
    },
    log: pino({}, { write: (line) => lines.push(line) }),
  })
  const flow = { key: 'payout' } as Flow
  for (const status of [500, 200])
    observer.see({ flow, at: 0, request: new Uint8Array(), requestHeaders: new Headers(), status, ms: 1 })
  await observer.settled()
  expect(seen.sort()).toEqual(['answered 200', 'answered 500', 'looked at', 'unseen'])
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['a tapped request could not be looked at'])
})
