// Two endpoints that are the same, one of them behind a tap. Each request goes to both, byte for byte, and so must what they answer.

import { generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap from 'p-map'
import { sha256 } from '../src/lib/ids.ts'
import { type Sealed, sealRequest } from '../src/simulate/client.ts'
import { Apis } from './flows/lib/apis.mjs'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { loanBehind, startEndpoint } from './node-endpoint.ts'
import { stepsOfPerson, type TapStep } from './tap-walks.ts'

export type Twins = {
  /** Its config has the tap before the second endpoint. */
  readonly folder: Folder
  /**
   * So many people walk; a server on the folder listens on the port. Returns where the second endpoint answered otherwise. Who gets no
   * reply goes no further.
   */
  walk(people: number, port: number): Promise<readonly string[]>
  /** What differs in the calls that the APIs of both have seen. */
  differingCalls(): readonly string[]
  /** The second endpoint itself. */
  readonly behind: string
  /** Ids of the events of all requests that were answered, in the order of the replies. */
  readonly events: ReadonlySet<string>
  /** Ids of requests that got no reply; nobody knows how far they came. */
  readonly unanswered: ReadonlySet<string>
  readonly sent: { readonly requests: number; readonly again: number }
  stop(): Promise<void>
}

/** Whose key it is does not matter, and to make one takes a fifth of a second. */
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey

/** `more`: of the config. */
export async function startTwins(node: string, more = ''): Promise<Twins> {
  const folder = await makeFolder()
  const [direct, behind] = await Promise.all([endpointWithApis(node, folder), endpointWithApis(node, folder)])
  await writeFile(folder.config, configWith(`loan:${loanBehind(behind.url).replace(/^/gm, '  ')}`, more))
  const events = new Set<string>()
  const unanswered = new Set<string>()
  const sent = { requests: 0, again: 0 }
  let person = 0

  const sealed = ({ request, spoilt }: TapStep): Sealed =>
    sealRequest(
      request,
      spoilt === 'key' ? stranger : folder.publicKey,
      spoilt === 'signature' ? 'of-another-app' : folder.appSecret,
    )
  /** What differs; undefined where there was no reply. */
  const compared = async ({ body, headers }: Sealed, port: number): Promise<readonly string[] | undefined> => {
    sent.requests++
    const [theirs, ours] = await Promise.all([
      seenOf(direct.url, body, headers),
      seenOf(`http://127.0.0.1:${port}/flows/loan`, body, headers).catch(() => undefined),
    ])
    if (ours === undefined) return undefined
    return theirs === ours ? [] : [`expected ${theirs}, found ${ours}`]
  }
  const requestsOf = (step: TapStep) => {
    const bytes = sealed(step)
    const one = { bytes, id: sha256(bytes.body), isEvent: step.isEvent, isAgain: false }
    return step.isSentAgain ? [one, { ...one, isAgain: true }] : [one]
  }
  const walkOne = async (port: number): Promise<readonly string[]> => {
    const different: string[] = []
    for (const { bytes, id, isEvent, isAgain } of stepsOfPerson(person++).flatMap(requestsOf)) {
      const found = await compared(bytes, port)
      if (!found) {
        unanswered.add(id)
        break
      }
      if (isEvent) events.add(id)
      if (isAgain) sent.again++
      different.push(...found)
    }
    return different
  }

  return {
    folder,
    behind: behind.url,
    events,
    unanswered,
    sent,
    walk: async (people, port) =>
      (await pMap(Array.from({ length: people }), () => walkOne(port), { concurrency: AT_ONCE })).flat(),
    differingCalls: () => [...new Set(direct.calls()).symmetricDifference(new Set(behind.calls()))],
    async stop() {
      await Promise.all([direct.stop(), behind.stop()])
      await folder.remove()
    },
  }
}

const AT_ONCE = 16

async function endpointWithApis(node: string, folder: Folder) {
  const apis = new Apis()
  apis.load(JSON.parse(await readFile(join(import.meta.dir, 'flows/loan/apis.json'), 'utf8')))
  const endpoint = await startEndpoint(node, folder, `http://127.0.0.1:${await apis.listen(0)}`)
  return {
    url: endpoint.url,
    /** With their numbers, so that none is made twice unseen. */
    calls() {
      const times = new Map<string, number>()
      for (const { method, path, headers } of apis.calls) {
        const call = `${method} ${path} ${headers['idempotency-key'] ?? ''}`
        times.set(call, (times.get(call) ?? 0) + 1)
      }
      return [...times].map(([call, count]) => `${call} ${count} times`)
    },
    async stop() {
      apis.close()
      await endpoint.stop()
    },
  }
}

/** Status, headers and body as one text. */
async function seenOf(url: string, body: string, headers: Sealed['headers']): Promise<string> {
  // A connection that was kept open can be closed by the server in the moment in which it is used again.
  const response = await fetch(url, { method: 'POST', body, headers, keepalive: false })
  const shown = [...response.headers].filter(([name]) => !OF_THE_CONNECTION.has(name))
  return JSON.stringify([response.status, shown.sort(), Buffer.from(await response.bytes()).toString('latin1')])
}

/** Two connections that carry the same differ in these. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
])
