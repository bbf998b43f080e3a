// What retention costs people who fill in forms meanwhile, and what it gives back on disk.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/retention.ts [--store sqlite|mongodb] [--events 1000000] [--seconds 20] [--rounds 3]
//     [--rate 200]
//
// All events that it begins with are too old. Rounds alternate: the load alone, then the same load while the job removes; the job is ended
// after each round, and goes on in the next.

import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { run, start } from '../test/process.ts'
import { compareBeside, serveJourneys } from './beside.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    events: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
  },
})
const { store, events, seconds, rounds, rate } = values
const served = await serveJourneys(store, Number(events))
const { folder } = served
// Only for the commands: the server keeps the config that it has read.
await appendFile(folder.config, '\nretention: { events: 60d, sessions: 60d }\n')
console.log(`${store}, ${served.loaded} events stored, all too old`)
const preview = await run(['retention'], folder.path)
console.log(preview.stdout.trim())

await compareBeside(served, { rounds: Number(rounds), seconds: Number(seconds), rate: Number(rate) }, 'the job', () => {
  const job = start(['jobs', 'run', 'retention'], folder.path)
  return {
    async stop() {
      job.signal('SIGINT')
      await job.ended
      console.log(job.output().trim().split('\n').at(-1))
    },
  }
})
const size = async () => (store === 'sqlite' ? (await stat(join(folder.path, 'data/screentrail.db'))).size : 0)
const before = await size()
const rest = await run(['jobs', 'run', 'retention'], folder.path)
console.log(`\nthe rest: ${rest.stdout.trim()}${rest.stderr.trim()}`)
if (store === 'sqlite') console.log(`the file: ${before} bytes, then ${await size()}`)
await served.remove()
