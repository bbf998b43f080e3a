// Nine flows of businesses, each with people walking it: what comes back, which calls its APIs see, and what the trail says afterwards.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatMistake } from '../src/config/load.ts'
import { type ExportWhat, exportRows } from '../src/store/export.ts'
import { Apis } from './flows/lib/apis.mjs'
import { FlowJson } from './flows/lib/flow-json.mjs'
import { checkTrail } from './flows/lib/trail.mjs'
import { play } from './flows/lib/walk.mjs'
import { configWith, type Running, startApp } from './kit.ts'

setDefaultTimeout(120_000)

const FLOWS = join(import.meta.dir, 'flows')
const names = readdirSync(FLOWS).filter((name) => readdirSync(FLOWS).includes(name) && hasWalks(name))

type Walk = { readonly name: string; readonly token?: string; readonly trail: object }
type Corpus = {
  readonly token: string
  readonly every_call?: object
  readonly reads?: readonly string[]
  readonly walks: readonly Walk[]
}

function hasWalks(name: string): boolean {
  try {
    return readdirSync(join(FLOWS, name)).includes('walks.json')
  } catch {
    return false
  }
}

const read = (flow: string, file: string) => readFileSync(join(FLOWS, flow, file), 'utf8')
const corpusOf = (flow: string): Corpus => JSON.parse(read(flow, 'walks.json'))
const walksOf = (flow: string) => {
  const { token, walks } = corpusOf(flow)
  return walks.map((walk, index) => {
    const run = `run-${index + 1}`
    return { ...walk, run, token: (walk.token ?? token).replaceAll('{run}', run) }
  })
}

let running: Running
let folder: string
const apis = new Map<string, Apis>()
/** What went wrong in each walk. All flows are walked side by side, as most of the time goes into APIs that are slow. */
const results = new Map<string, Promise<readonly string[]>>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flows-'))
  const flows = await Promise.all(
    names.map(async (name) => {
      const own = new Apis()
      own.load(JSON.parse(read(name, 'apis.json')))
      apis.set(name, own)
      const config = read(name, 'flow.yaml')
        .replaceAll('127.0.0.1:27400', `127.0.0.1:${await own.listen(0)}`)
        .replace(`\${file:placeholder.b64}`, `\${file:${join(FLOWS, name, 'placeholder.b64')}}`)
      return `${name}:\n  flow_json: ${join(FLOWS, name, 'flow.json')}\n${config.replace(/^/gm, '  ')}`
    }),
  )
  running = await startApp({ config: configWith(flows.join('\n')) })
  const port = await running.app.listen(0)
  for (const flow of names) walkAll(flow, port)
})
afterAll(async () => {
  for (const each of apis.values()) each.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** One after the other, as the APIs of a flow are played for one walk at a time. */
function walkAll(flow: string, port: number): void {
  const { every_call: everyCall, reads = [] } = corpusOf(flow)
  const target = {
    url: `http://127.0.0.1:${port}/flows/${flow}`,
    publicKey: running.folder.publicKey.export({ type: 'spki', format: 'pem' }),
    secret: running.folder.appSecret,
  }
  const json = new FlowJson(JSON.parse(read(flow, 'flow.json')))
  const world = { flow: json, apis: apis.get(flow), target, settle: 25, reads, everyCall, strict: true }
  let before: Promise<unknown> = Promise.resolve()
  for (const walk of walksOf(flow)) {
    const result = before.then(async () => (await play(walk, world)).failures as readonly string[])
    before = result.catch(() => {})
    results.set(`${flow}: ${walk.name}`, result)
  }
}

test('the configs fit their Flow JSONs, and nothing in them is odd', async () => {
  expect((await running.folder.load()).warnings.map(formatMistake)).toEqual([])
})

describe.each(names)('%s', (flow) => {
  test.each(walksOf(flow).map(({ name }) => name))('%s', async (name) => {
    expect((await results.get(`${flow}: ${name}`)) ?? ['it was not walked']).toEqual([])
  })

  test('the trail tells each walk as it was, and nothing that must not be stored', async () => {
    await Promise.allSettled(results.values())
    await running.app.settled()
    const [sessions, events] = await Promise.all([exported('sessions', flow), exported('events', flow)])
    expect(await readFile(events, 'utf8')).not.toContain('reply_mismatch')
    const checked = checkTrail(walksOf(flow), sessions, events) as { name: string; failures: string[] }[]
    expect(checked.filter(({ failures }) => failures.length > 0)).toEqual([])
  })
})

async function exported(what: ExportWhat, flow: string): Promise<string> {
  const file = join(folder, `${flow}-${what}.ndjson`)
  const rows = await Array.fromAsync(exportRows(running.app.store, what, 'ndjson', { flow }, Date.now(), 86_400_000))
  await writeFile(file, rows.join(''))
  return file
}
