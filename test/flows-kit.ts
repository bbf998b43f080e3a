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
  readonly never_stored?: readonly string[]
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

/** Starts its APIs, and what answers for it. `key`: its name in the config. */
export async function playFlow(
  flow: string,
  folder: Folder,
  answering: Answering = byYaml,
  key = flow,
): Promise<PlayedFlow> {
  const apis = new Apis()
  apis.load(JSON.parse(read(flow, 'apis.json')))
  const json = new FlowJson(JSON.parse(read(flow, 'flow.json')))
  const { every_call: everyCall, reads = [] } = corpusOf(flow)
  const own = await answering(flow, `http://127.0.0.1:${await apis.listen(0)}`, folder)
  return {
    config: `${key}:\n  flow_json: ${join(FLOWS, flow, 'flow.json')}\n${own.config.replace(/^/gm, '  ')}`,
    async walk(walk, folder, base) {
      const target = {
        url: `${base}/flows/${key}`,
        publicKey: folder.publicKey.export({ type: 'spki', format: 'pem' }),
        secret: folder.appSecret,
        patience: 120_000,
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

/** What the stored trail tells otherwise than the walks, or tells and must not. `folder`: for what is exported. `keys`: its names in the config. */
export async function wrongTrails(store: Store, flow: string, folder: string, keys: readonly string[] = [flow]) {
  const exported = async (what: ExportWhat): Promise<string> => {
    const file = join(folder, `${flow}-${what}.ndjson`)
    const rowsOf = (key: string) =>
      Array.fromAsync(exportRows(store, what, 'ndjson', { flow: key }, Date.now(), 86_400_000))
    await writeFile(file, (await Promise.all(keys.map(rowsOf))).flat().join(''))
    return file
  }
  const checked = checkTrail(walksOf(flow), await exported('sessions'), await exported('events'))
  return checked.filter(({ failures }) => failures.length > 0)
}

/** The number of the request after which the server changes: in the middle, where no time is measured and nobody taps twice. */
export function middleOf({ steps }: Walk): number {
  let sent = 0
  const numbers: number[] = []
  for (const { send, again, taps = 1, expect } of steps) {
    if (!send && !again) continue
    sent += taps
    if (taps === 1 && expect?.under_ms === undefined) numbers.push(sent)
  }
  return numbers[Math.floor((numbers.length - 1) / 2)] ?? 1
}

/** Texts of the walks that must not be stored, and stand in a file of the data. */
export function secretsIn({ path }: Pick<Folder, 'path'>): string[] {
  const texts = flowNames.flatMap((flow) => walksOf(flow)).flatMap((walk) => walk.never_stored ?? [])
  const data = join(path, 'data')
  const files = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(data, name), 'latin1'))
  // A number within a longer one, such as a time, is another.
  const isIn = (text: string, file: string) => new RegExp(`(?<!\\d)${RegExp.escape(latin1Of(text))}(?!\\d)`).test(file)
  return [...new Set(texts)].filter((text) => files.some((file) => isIn(text, file)))
}

const latin1Of = (text: string): string => Buffer.from(text).toString('latin1')
