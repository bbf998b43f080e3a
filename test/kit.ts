// What tests need to run the real thing: a folder made by `init`, the app on it, and a client that speaks Meta's envelope.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createApp } from '../src/app.ts'
import { initFolder } from '../src/cli/init.ts'
import { generateFlowKey } from '../src/config/generate-keys.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Loaded } from '../src/config/load-result.ts'
import type { Clock } from '../src/lib/clock.ts'
import type { JsonObject } from '../src/lib/json.ts'
import { createLog } from '../src/lib/log.ts'
import { openReply, type Sealed, sealRequest } from '../src/simulate/client.ts'

export type Folder = {
  readonly path: string
  readonly config: string
  readonly publicKey: KeyObject
  readonly appSecret: string
  load(): Promise<Loaded>
  remove(): Promise<void>
}

/** The keys and files every config of the tests can lean on; `flows` is the YAML of its flows. */
export const configWith = (flows: string, more = ''): string => `
meta:
  app_secrets: ["\${file:keys/app-secret}"]
  keys: [{ file: keys/flow-private.pem, passphrase: "\${file:keys/flow-private.passphrase}" }]
${more}
flows:
${flows.replace(/^/gm, '  ')}
`

/** The flow of `init` in few words, for processes: what `init` writes takes each of them a third of its start to read. */
export const SHORT = `
repair-booking:
  start: SERVICE_SELECTION
  screens:
    SERVICE_SELECTION:
      fields: { service: { type: choice, in: [emergency, routine], required: true } }
      next: DATE_TIME
    DATE_TIME: { complete: {} }
`

/** One for all folders of a process: to make a key takes a fifth of a second. */
const flowKey = generateFlowKey()

/** A temporary folder as `screentrail init` makes it; with its own config or its own store if one is given. */
export async function makeFolder(config?: string, storeUri?: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'screentrail-'))
  const made = await initFolder(path, storeUri, flowKey)
  if (!made.ok) throw new Error(`init found ${made.existing.join(', ')}`)
  const file = join(path, 'config.yaml')
  await writeFile(file, config ?? withoutRetention(await readFile(file, 'utf8')))
  return folderAt(path)
}

/** Tests have events of fixed days, which a server would remove in the night. */
const withoutRetention = (config: string): string => config.replace(/^retention: .*$/m, '')

/** One that is there. */
export async function folderAt(path: string): Promise<Folder> {
  const file = join(path, 'config.yaml')
  return {
    path,
    config: file,
    publicKey: createPublicKey(await readFile(join(path, 'keys/flow-public.pem'), 'utf8')),
    appSecret: (await readFile(join(path, 'keys/app-secret'), 'utf8')).trim(),
    async load() {
      const loaded = await loadConfig(file, {})
      if (!loaded.ok) throw new Error(loaded.mistakes.map((mistake) => mistake.message).join('\n'))
      return loaded
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

export type Client = {
  /** Sends a request as Meta would; `reply` is the decrypted body where there is one. */
  send(flow: string, request: JsonObject): Promise<{ status: number; reply: JsonObject | undefined; sealed: Sealed }>
  /** Sends any bytes under any headers. */
  post(flow: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>
}

export type Running = { readonly app: App; readonly client: Client; readonly folder: Folder; stop(): Promise<void> }

/** The whole app, reached without a network, on this folder or on one that is made for it. */
export async function startApp(options: { config?: string; folder?: Folder; clock?: Clock } = {}): Promise<Running> {
  const folder = options.folder ?? (await makeFolder(options.config))
  const app = await createApp(await folder.load(), {
    log: createLog('silent'),
    ...(options.clock && { clock: options.clock }),
  })
  return {
    app,
    folder,
    client: clientOf((request) => app.handle(request), folder),
    async stop() {
      await app.stop()
      await folder.remove()
    },
  }
}

export function clientOf(
  handle: (request: Request) => Promise<Response>,
  folder: Folder,
  base = 'http://localhost',
): Client {
  const post: Client['post'] = (flow, body, headers = {}) =>
    handle(new Request(`${base}/flows/${flow}`, { method: 'POST', body, headers }))
  return {
    post,
    async send(flow, request) {
      const sealed = sealRequest(request, folder.publicKey, folder.appSecret)
      const response = await post(flow, sealed.body, { ...sealed.headers })
      const opened = openReply(await response.text(), sealed.secret)
      return { status: response.status, reply: opened.ok ? opened.reply : undefined, sealed }
    },
  }
}
