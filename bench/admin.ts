// What each page of the admin costs when there is much to count: time and bytes of each page, over HTTP as a browser asks, from some
// seconds after the start on, the first time included; and what a loop over all pages costs people who fill in forms meanwhile.
//
//   bun bench/admin.ts [--store sqlite|mongodb] [--events 1000000] [--wait 5] [--repeat 20] [--seconds 20] [--rounds 3] [--rate 200] [--keep]
//   bun bench/admin.ts --resume FOLDER [--repeat 20] …     over what was filled, and kept, on the same day

import { parseArgs } from 'node:util'
import { HOUR_MS } from '../src/lib/units.ts'
import { folderAt } from '../test/kit.ts'
import { until } from '../test/until.ts'
import { compareBeside, keepAsking, serveFilled, serveJourneys } from './beside.ts'
import { DAYS, FLOWS, SCREENS } from './journeys.ts'
import { quantile } from './load.ts'
import { DAY } from './pages.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    events: { type: 'string', default: '1000000' },
    wait: { type: 'string', default: '5' },
    repeat: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
    keep: { type: 'boolean', default: false },
    resume: { type: 'string' },
  },
})
const [repeat, seconds, rounds, rate] = [values.repeat, values.seconds, values.rounds, values.rate].map(Number) as [
  number,
  number,
  number,
  number,
]
/** People came until now. */
const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - DAYS * DAY
const { folder, served, loaded, session, remove } =
  values.resume === undefined
    ? await serveJourneys(values.store, Number(values.events), start)
    : await serveFilled(await folderAt(values.resume))
const [store] = (await folder.load()).config.store.uri.split(':')
const base = `http://127.0.0.1:${served.port}`
const cookie = await logIn()
const [flow] = FLOWS
const at = `/admin/flows/${flow}`
/** About the days that are shown by default. */
const pages: { readonly [name: string]: string } = {
  overview: '/admin/overview',
  flow: at,
  'flow, compared': `${at}?compare=previous`,
  'flow, one choice': `${at}?choice=service:emergency`,
  'flow, by hour': `${at}?by=hour`,
  screen: `${at}/screens/${SCREENS[1]}`,
  paths: `${at}/paths`,
  errors: `${at}/errors`,
  'health of a flow': `${at}/health`,
  quality: `${at}/quality`,
  sessions: '/admin/sessions',
  'sessions lost at a step': `/admin/sessions?flow=${flow}&furthest=2&ending=lost`,
  'one session': `/admin/sessions/${session}`,
  live: '/admin/live',
  incidents: '/admin/incidents',
  health: '/admin/health',
}
await Bun.sleep(Number(values.wait) * 1_000)

console.log(`${store}, ${loaded} events stored; milliseconds, over ${repeat} askings; KB on the wire\n`)
console.log(`${''.padEnd(28)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'first'.padStart(8)}${'KB'.padStart(8)}`)
for (const [name, path] of Object.entries(pages)) {
  const times: number[] = []
  let bytes = 0
  for (let count = 0; count < repeat; count++) {
    const began = performance.now()
    bytes = await read(path)
    times.push(performance.now() - began)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const shown = [quantile(sorted, 0.5), quantile(sorted, 0.95), times[0] ?? 0, bytes / 1_024]
  console.log(name.padEnd(28) + shown.map((value) => value.toFixed(1).padStart(8)).join(''))
}

const paths = Object.values(pages)
const ask = (count: number) => read(paths[count % paths.length] as string)
await compareBeside({ folder, served }, { rounds, seconds, rate }, 'the pages', () => keepAsking(ask))
if (values.keep || values.resume !== undefined) {
  await served.stop()
  console.error(`kept: --resume ${folder.path}`)
} else await remove()

/** A folder that was filled before may have the account. */
async function logIn(): Promise<string> {
  const account = { name: 'bench', password: 'three blind mice' }
  const known = await submit('login', account)
  if (known !== undefined) return known
  const token = () => /setup\?token=([\w.~-]+)/.exec(served.output())?.[1] ?? ''
  await until('the link to the first account is printed', () => token() !== '')
  return (await submit('setup', { ...account, again: account.password, token: token() })) as string
}

/** Returns the cookie, if the form was taken. */
async function submit(form: 'login' | 'setup', fields: Record<string, string>): Promise<string | undefined> {
  const headers = { 'sec-fetch-site': 'same-origin' }
  const body = new URLSearchParams(fields)
  const reply = await fetch(`${base}/admin/${form}`, { method: 'POST', headers, body, redirect: 'manual' })
  return reply.status === 303 ? reply.headers.getSetCookie()[0]?.split(';')[0] : undefined
}

/** Returns the bytes on the wire. */
async function read(path: string): Promise<number> {
  const headers = { cookie, 'accept-encoding': 'gzip' }
  const reply = await fetch(base + path, { headers, decompress: false, redirect: 'manual' } as RequestInit)
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.arrayBuffer()).byteLength
}
