// A large backlog, as a long outage leaves it: how fast it drains to each store, and how much memory that takes.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/drain.ts [--store sqlite|mongodb] [--events 200000]

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openJournal } from '../src/journal/journal.ts'
import { makeFolder } from '../test/kit.ts'
import type { Drained } from './drain-process.ts'
import { batchesOf } from './events.ts'
import { placeFor } from './places.ts'
import { showLedger, showMegabytes } from './watch.ts'

const { values } = parseArgs({ options: { store: { type: 'string' }, events: { type: 'string', default: '200000' } } })
const total = Number(values.events)
const stores = values.store ? [values.store] : ['sqlite', ...(process.env.MONGODB_URI ? ['mongodb'] : [])]

for (const store of stores) {
  const place = placeFor(store, 'data/screentrail.db')
  const folder = await makeFolder(undefined, place.uri)
  const { config } = await folder.load()
  await fill(config.journal.file)
  const { seconds, ledger, bytesBefore, bytesMeanwhile, bytesAtMost } = await drain(folder.config)
  console.log(`${store}: ${total} events in ${seconds.toFixed(1)} s`)
  console.log(
    `  rate    ${Math.round(total / seconds)} events/s${store === 'sqlite' ? '   (budget: 5,000 or more)' : ''}`,
  )
  console.log(
    `  memory  ${showMegabytes(bytesBefore)} before, ${bytesMeanwhile.map(showMegabytes).join(', ')} at each quarter, ` +
      `${showMegabytes(bytesAtMost)} at most`,
  )
  console.log(`  ${showLedger(ledger)}`)
  await place.remove()
  await folder.remove()
}

/** As if they had been received, in large commits. */
async function fill(file: string): Promise<void> {
  const journal = await openJournal({ file, durability: 'process', onCommit() {} })
  for (const events of batchesOf(10_000, total)) await Promise.all(events.map((event) => journal.append(event)))
  await journal.close()
}

async function drain(config: string): Promise<Drained> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'drain-process.ts'), config], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return (await new Response(child.stdout).json()) as Drained
}
