// People who fill in forms, while a script keeps asking for the numbers: what the one costs the other.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/dashboard.ts [--store sqlite|mongodb] [--events 200000] [--seconds 20]
//     [--rounds 3] [--rate 200]

import { parseArgs } from 'node:util'
import { compareBeside, keepAsking, serveJourneys } from './beside.ts'
import { pagesOf, TOKEN } from './pages.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    events: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
  },
})
const { store, events, seconds, rounds, rate } = values
const served = await serveJourneys(store, Number(events))
const pages = Object.values(pagesOf(served.session))
console.log(`${store}, ${served.loaded} events stored`)
const ask = async (count: number) => {
  const path = pages[count % pages.length] as string
  const headers = { authorization: `Bearer ${TOKEN}` }
  const reply = await fetch(`http://127.0.0.1:${served.served.port}/api/v1${path}`, { headers })
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  await reply.arrayBuffer()
}
const measured = { rounds: Number(rounds), seconds: Number(seconds), rate: Number(rate) }
await compareBeside(served, measured, 'the answers', () => keepAsking(ask))
await served.remove()
