// People who fill in forms, while the values of many old events become pseudonyms: what the one costs the other.
//
//   bun bench/hashing.ts [--events 100000] [--seconds 15] [--rate 200]

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { rulebookOf } from '../src/config/session-rules.ts'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import { cookieOf, PASSWORD } from '../test/admin-kit.ts'
import { makeFolder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { until } from '../test/until.ts'
import { batchesOf } from './events.ts'
import { openLoop, quantile } from './load.ts'
import { crowd, people, prepare } from './people.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '200' },
  },
})
const [events, seconds, rate] = [Number(values.events), Number(values.seconds), Number(values.rate)]

const folder = await makeFolder()
const config = await readFile(folder.config, 'utf8')
await writeFile(folder.config, config.replace('default_text: length', 'default_text: length\n  hash_after: 1d'))
const loaded = await folder.load()
const store = await openStore(loaded.config.store.uri, createLog('silent'))
for (const batch of batchesOf(500, events)) {
  const named = batch.map((event, index) =>
    event.screen === 'CONTACT_INFO' ? { ...event, input: { name: `Ana Silva, number ${index}` } } : event,
  )
  await store.record(named, rulebookOf(loaded))
}
await store.close()

const served = await serve(folder)
const at = (path: string) => `http://localhost:${served.port}${path}`
const post = (path: string, form: Record<string, string>, cookie = '') =>
  fetch(at(path), {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', cookie },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
await until('the link is printed', () => /setup\?token=/.test(served.output()))
const token = /setup\?token=(\S+)/.exec(served.output())?.[1] ?? ''
const cookie = cookieOf(await post('/admin/setup', { token, name: 'Ada', password: PASSWORD, again: PASSWORD }))
const page = async () => (await fetch(at('/admin/data'), { headers: { cookie } })).text()

const requests = crowd(people(folder), 1_000)
const load = async () => {
  const { sorted, failed } = await openLoop(served.port, prepare(requests, seconds * rate), rate)
  if (failed > 0) throw new Error(`${failed} requests were not answered with 200`)
  return [0.5, 0.99, 1].map((q) => quantile(sorted, q))
}
const show = (what: string, numbers: readonly number[]) =>
  console.log(`  ${what.padEnd(10)} p50, p99, max: ${numbers.map((ms) => ms.toFixed(1)).join('  ')} ms`)

console.log(`${rate} requests/s for ${seconds} s, beside ${events} events of which one in five is hashed`)
await load()
const alone = await load()
show('alone', alone)
await post('/admin/data/run', { job: 'hash' }, cookie)
const beside = await load()
const isStillRunning = (await page()).includes('<progress')
show('beside', beside)
console.log(`  ratio of p99 ${((beside[1] as number) / (alone[1] as number)).toFixed(2)}   (budget: 2 or less)`)
console.log(`  the job ${isStillRunning ? 'ran all the time' : 'ended before the load did: take more events'}`)
await served.stop()
await folder.remove()
