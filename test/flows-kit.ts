// The flows of `test/flows`: their APIs played, their walks walked.

import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExportWhat, exportRows } from '../src/store/export.ts'
import type { Store } from '../src/store/store.ts'
import { Apis } from './flows/lib/apis.mjs'
import { FlowJson } from './flows/lib/flow-json.mjs'
import { checkTrail } from './flows/lib/trail.mjs'
import { play } from './flows/lib/walk.mjs'
import type { Folder } from './kit.ts'

const FLOWS = join(import.meta.dir, 'flows')

type Step = {
  readonly send?: object
  readonly again?: true
  readonly taps?: number
  readonly expect?: { readonly under_ms?: number }
}
export type Walk = {
  readonly name: string
  readonly token: string
  readonly run: string
  readonly steps: readonly Step[]
}
type Corpus = {
  readonly token: string
  readonly every_call?: object
  readonly reads?: readonly string[]
  readonly walks: readonly (Omit<Walk, 'token' | 'run'> & { readonly token?: string })[]
}

export const flowNames: readonly string[] = readdirSync(FLOWS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(FLOWS, entry.name)).includes('walks.json'))
  .map(({ name }) => name)
  .sort()

const read = (flow: string, file: string) => readFileSync(join(FLOWS, flow, file), 'utf8')
const corpusOf = (flow: string): Corpus => JSON.parse(read(flow, 'walks.json'))

export function walksOf(flow: string): Walk[] {
  const { token, walks } = corpusOf(flow)
  return walks.map((walk, index) => {
    const run = `run-${index + 1}`
    return { ...walk, run, token: (walk.token ?? token).replaceAll('{run}', run) }
  })
}

export type PlayedFlow = {
  /** What stands under `flows:` in a config. */
  readonly config: string
  /** Returns what went wrong. One walk at a time, as the APIs remember what a walk did. */
  walk(walk: Walk, folder: Pick<Folder, 'publicKey' | 'appSecret'>, base: string): Promise<readonly string[]>
  close(): Promise<void>
}

/**
 * What answers for a flow whose APIs are at this address, with the keys of the folder: what stands in the config beside its
 * `flow_json`, and how to end what runs for it.
 */
export type Answering = (
  flow: string,
  apis: string,
  folder: Folder,
) => Promise<{ readonly config: string; stop?(): Promise<void> }>

const byYaml: Answering = async (flow, apis) => ({
  config: read(flow, 'flow.yaml')
    .replaceAll('http://127.0.0.1:27400', apis)
    .replace(`\${file:placeholder.b64}`, `\${file:${join(FLOWS, flow, 'placeholder.b64')}}`),
})

/** Starts its APIs, and what answers for it. */
export async function playFlow(flow: string, folder: Folder, answering: Answering = byYaml): Promise<PlayedFlow> {
  const apis = new Apis()
  apis.load(JSON.parse(read(flow, 'apis.json')))
  const json = new FlowJson(JSON.parse(read(flow, 'flow.json')))
  const { every_call: everyCall, reads = [] } = corpusOf(flow)
  const own = await answering(flow, `http://127.0.0.1:${await apis.listen(0)}`, folder)
  return {
    config: `${flow}:\n  flow_json: ${join(FLOWS, flow, 'flow.json')}\n${own.config.replace(/^/gm, '  ')}`,
    async walk(walk, folder, base) {
      const target = {
        url: `${base}/flows/${flow}`,
        publicKey: folder.publicKey.export({ type: 'spki', format: 'pem' }),
        secret: folder.appSecret,
      }
      const world = { flow: json, apis, target, settle: 25, reads, everyCall, strict: true }
      return (await play(walk, world)).failures
    },
    async close() {
      apis.close()
      await own.stop?.()
    },
  }
}

/** What the stored trail tells otherwise than the walks, or tells and must not. `folder`: for what is exported. */
export async function wrongTrails(store: Store, flow: string, folder: string) {
  const exported = async (what: ExportWhat): Promise<string> => {
    const file = join(folder, `${flow}-${what}.ndjson`)
    const rows = await Array.fromAsync(exportRows(store, what, 'ndjson', { flow }, Date.now(), 86_400_000))
    await writeFile(file, rows.join(''))
    return file
  }
  const checked = checkTrail(walksOf(flow), await exported('sessions'), await exported('events'))
  return checked.filter(({ failures }) => failures.length > 0)
}
