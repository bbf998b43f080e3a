// People who fill in forms, while somebody keeps asking for the numbers: what the one costs the other.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/dashboard.ts [--store sqlite|mongodb] [--events 200000] [--seconds 20]
//     [--rounds 3] [--rate 200]
//
// Rounds alternate: the load alone, then the same load beside a loop that asks for one page after the other, without a pause.

import { parseArgs } from 'node:util'
import { serve } from '../test/process.ts'
import { median, openLoop, quantile } from './load.ts'
import { DAY, fill, makeJourneysFolder, NOW, openJourneysStore, pagesOf, TOKEN } from './pages.ts'
import { crowd, people, prepare } from './people.ts'
import { placeFor } from './places.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    events: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
  },
})
const [seconds, rounds, rate] = [Number(values.seconds), Number(values.rounds), Number(values.rate)]
const place = placeFor(values.store, 'data/screentrail.db')
const folder = await makeJourneysFolder(place.uri)
const store = await openJourneysStore(folder)
const { loaded } = await fill(folder, store, Number(values.events))
while ((await store.refresh()).isStale);
const [session] = (await store.sessions({ now: NOW, lostAfterMs: DAY, limit: 1 })).items
await store.close()

const served = await serve(folder)
const requests = crowd(people(folder), 1_000)
const pages = Object.values(pagesOf(session?.id ?? ''))
await load(10)

const alone: number[] = []
const beside: number[] = []
let asked = 0
for (let round = 0; round < rounds; round++) {
  alone.push(await load(seconds))
  const asking = startAsking()
  beside.push(await load(seconds))
  asked += await asking.stop()
}
console.log(
  `${values.store}, ${loaded} events stored; ${rate} requests/s, ${rounds} rounds of ${seconds} s; p99, milliseconds`,
)
console.log(`  alone              ${show(alone)}   median ${median(alone).toFixed(2)}`)
console.log(`  beside the pages   ${show(beside)}   median ${median(beside).toFixed(2)}`)
console.log(`  pages answered     ${(asked / seconds / rounds).toFixed(1)} a second`)
console.log(`  ratio              ${(median(beside) / median(alone)).toFixed(2)}   (budget: 2 or less)`)

await served.stop()
await place.remove()
await folder.remove()

/** The p99 of the replies. */
async function load(seconds: number): Promise<number> {
  const { sorted, failed } = await openLoop(served.port, prepare(requests, seconds * rate), rate)
  if (failed > 0) throw new Error(`${failed} requests were not answered with 200`)
  return quantile(sorted, 0.99)
}

function startAsking() {
  let isOver = false
  const loop = async () => {
    for (let count = 0; ; count++) {
      if (isOver) return count
      const path = pages[count % pages.length] as string
      const headers = { authorization: `Bearer ${TOKEN}` }
      const reply = await fetch(`http://127.0.0.1:${served.port}/api/v1${path}`, { headers })
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
      await reply.arrayBuffer()
    }
  }
  const running = loop()
  return {
    /** Resolves with how many pages were answered. */
    stop: () => {
      isOver = true
      return running
    },
  }
}

function show(times: readonly number[]): string {
  return times.map((ms) => ms.toFixed(2)).join('  ')
}
