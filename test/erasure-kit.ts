// A store with an archive in a folder of its own, and the job that erases people, as a server has them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArchive } from '../src/archive/archive.ts'
import { createErasure } from '../src/erasure/erasure.ts'
import type { Asked, Person } from '../src/erasure/person.ts'
import { compileFlow } from '../src/flow/compile.ts'
import { flow as flowSchema } from '../src/flow/schema.ts'
import { type EraseJobDeps, eraseRequested } from '../src/jobs/erase.ts'
import { dayOf } from '../src/lib/days.ts'
import { openSqliteQueryStore } from '../src/store/sqlite/sqlite.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { START } from './arbitrary-events.ts'
import { filesWith } from './at-rest.ts'
import { RULES } from './store-contract/expected.ts'
import { type StoreWithRollups, withRollups } from './with-rollups.ts'

export const KEY = 'a key that only these tests have'

/** After all events. */
export const NOW = START + 24 * 3_600_000

export async function openErasing() {
  const folder = mkdtempSync(join(tmpdir(), 'screentrail-erasing-'))
  const time = { now: NOW }
  const archive = openArchive(join(folder, 'archive'))
  const open = async () => {
    const store: StoreWithRollups = withRollups(await openSqliteQueryStore(join(folder, 'store.db')))
    const parts = createErasure({
      store,
      key: KEY,
      flows: new Map([['repair-booking', FLOW]]),
      journalFile: join(folder, 'journal.db'),
      archive,
      clock: () => time.now,
    })
    return { store, parts }
  }
  let { store, parts } = await open()

  /** `more`, `through`: what the job has in place of the parts and the store. */
  const run = (more: Partial<EraseJobDeps['erasing']> = {}, through: StoreWithRollups = store) =>
    eraseRequested(
      {
        erasing: {
          ...parts,
          ...parts.search,
          backupsBefore: () => [],
          afterTombstones: async () => {},
          ...more,
        },
        store: through,
        rollups: store,
        rules: RULES,
        clock: () => time.now,
        stopwatch: () => 0,
        wait: async () => {},
      },
      { report: () => {}, signal: new AbortController().signal },
    )

  const read = async (asked: Asked): Promise<Person> => {
    const found = await parts.read(asked)
    if (!found.ok) throw new Error(found.mistake)
    return found.person
  }

  return {
    folder,
    archive,
    time,
    run,
    read,
    get store() {
      return store
    },
    get parts() {
      return parts
    },
    /** As the drain and `import` record. */
    async record(events: readonly TrailEvent[]) {
      await store.record(await parts.sift(events), RULES)
    },
    async archiveAll(events: readonly TrailEvent[]) {
      const files = Map.groupBy(events, ({ flow, at }) => `${flow}\n${dayOf(at, 'UTC')}`)
      for (const [name, some] of files) {
        const [flow, day] = name.split('\n') as [string, string]
        await archive.write({ flow, day, events: some })
      }
    },
    async archived(): Promise<readonly TrailEvent[]> {
      const files = await Array.fromAsync(archive.files())
      return (await Promise.all(files.map((file) => Array.fromAsync(archive.read(file))))).flat()
    },
    /** Asks for it, and has it done. */
    async erase(asked: Asked) {
      await parts.requests.add(await read(asked), 'ada', time.now)
      return run()
    },
    /** As if the process had ended. */
    async restart() {
      await store.close()
      ;({ store, parts } = await open())
    },
    /** The names of the files that have the text somewhere. */
    filesWith: (text: string): Promise<readonly string[]> => filesWith(folder, text),
    async close() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Erasing = Awaited<ReturnType<typeof openErasing>>

const FLOW = (() => {
  const screens = { SERVICE_SELECTION: { fields: { phone: { type: 'phone' } }, complete: {} } }
  const found = compileFlow('repair-booking', flowSchema.parse({ start: 'SERVICE_SELECTION', screens }))
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.flow
})()
