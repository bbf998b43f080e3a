// How fast `screentrail rebuild` computes all sessions again, and that its memory does not grow with what is stored: on each
// store, the command itself, over a quarter of the events and over all of them.
//
//   MONGODB_URI=mongodb://127.0.0.1:27017 bun bench/rebuild.ts [events]

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rulebookOf } from '../src/config/session-rules.ts'
import { createLog } from '../src/lib/log.ts'
import { showSize } from '../src/lib/units.ts'
import { openStore } from '../src/store/open.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import { eventOf, START } from '../test/arbitrary-events.ts'
import { type Folder, makeFolder } from '../test/kit.ts'
import { dropStore, stores } from '../test/stores.ts'

const TOTAL = Number(process.argv[2] ?? 200_000)
const BATCH = 1_000
const SCREENS = ['', 'SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION', SUCCESS]
/** Events of one person, twenty minutes from each to the next. */
const STEPS = SCREENS.length - 1
const STEP_MS = 20 * 60_000

console.log('store     events   trails/s  events/s  peak memory  what it said')
for (const [name, uri] of stores) {
  const folder = await makeFolder(undefined, uri())
  // Everyone's sessions change: first each falls apart into five, then, with three times as many more, they come together.
  await fill(folder, 0, TOTAL / 4)
  await measure(folder, name, TOTAL / 4, '10m')
  await fill(folder, TOTAL / 4, TOTAL)
  await measure(folder, name, TOTAL, '24h')
  await dropStore((await folder.load()).config.store.uri)
  await folder.remove()
}

async function fill(folder: Folder, from: number, until: number): Promise<void> {
  const loaded = await folder.load()
  const store = await openStore(loaded.config.store.uri, createLog('warn'))
  for (let at = from; at < until; at += BATCH)
    await store.record(
      Array.from({ length: Math.min(BATCH, until - at) }, (_, index) => eventNumber(at + index)),
      rulebookOf(loaded),
    )
  await store.close()
}

async function measure(folder: Folder, name: string, events: number, gap: string): Promise<void> {
  const config = await readFile(folder.config, 'utf8')
  await writeFile(folder.config, config.replace(/gap: \w+/, `gap: ${gap}`))
  const began = performance.now()
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../src/main.ts'), 'rebuild'], {
    cwd: folder.path,
    stdout: 'pipe',
    stderr: 'ignore',
  })
  const said = (await new Response(child.stdout).text()).trim()
  if ((await child.exited) !== 0) throw new Error(`rebuild ended with ${child.exitCode}`)
  const seconds = (performance.now() - began) / 1_000
  const cells = [
    String(events).padStart(8),
    String(Math.round(events / STEPS / seconds)).padStart(11),
    String(Math.round(events / seconds)).padStart(10),
    showSize(child.resourceUsage()?.maxRSS ?? 0).padStart(13),
  ]
  console.log(`${name.padEnd(8)}${cells.join('')}  ${said}`)
}

function eventNumber(number: number): TrailEvent {
  const step = number % STEPS
  const person = Math.floor(number / STEPS)
  return eventOf({
    token: `token-${person}`,
    at: START + person * 37 + step * STEP_MS,
    action: step === 0 ? 'init' : 'submit',
    screen: SCREENS[step] as string,
    next: SCREENS[step + 1] as string,
    outcome: step === STEPS - 1 ? 'completed' : 'shown',
    input: step === 1 ? { service: person % 3 === 0 ? 'emergency' : 'routine' } : {},
  })
}
