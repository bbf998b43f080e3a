// The job that erases the people who are to be erased.

import { describeErased } from '../erasure/describe.ts'
import { type EraseDeps, erasePerson } from '../erasure/erase-person.ts'
import type { ErasureRequests, ErasureResult, PendingErasure } from '../erasure/requests.ts'
import type { Clock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Store } from '../store/store.ts'
import { type Purging, purge } from './purge.ts'
import { createRest, type Pacing } from './rest.ts'
import type { JobContext, JobResult } from './scheduled-job.ts'

export type EraseJobDeps = Pacing &
  Purging & {
    /** Without what the job itself does. */
    readonly erasing: Omit<EraseDeps, 'store' | 'rules' | 'requests' | 'afterPage' | 'clock'> & {
      readonly requests: Pick<ErasureRequests, 'list' | 'keep' | 'finish'>
      /** Names of the backups that were made before this instant. */
      readonly backupsBefore: (at: number) => readonly string[]
    }
    readonly store: Store
    readonly rules: EraseDeps['rules']
    readonly rollups: Pick<Rollups, 'refresh'>
    readonly clock: Clock
  }

export async function eraseRequested(deps: EraseJobDeps, context: JobContext): Promise<JobResult> {
  const { erasing } = deps
  const pending = (await erasing.requests.list()).filter((each) => each.state === 'pending')
  let rows = 0
  const failures: string[] = []
  const results: ErasureResult[] = []
  for (const erasure of pending) {
    try {
      const result = await eraseOne(erasure, deps, context)
      results.push(result)
      rows += result.events + result.sessions
    } catch (error) {
      if (context.signal.aborted) throw error
      failures.push((error as Error).message)
    }
  }
  const text = textOf(results, rows)
  if (failures.length === 0) return { rows, text: text ?? 'Nobody is to be erased.' }
  throw new Error([failures.join('; '), ...(text === undefined ? [] : [`Of the others: ${text}`])].join('. '))
}

function textOf(results: readonly ErasureResult[], rows: number): string | undefined {
  const [first, ...more] = results
  if (!first) return undefined
  return more.length === 0
    ? describeErased(first)
    : `Erased ${results.length} people: ${plural(rows, 'event or session')}.`
}

async function eraseOne(erasure: PendingErasure, deps: EraseJobDeps, context: JobContext): Promise<ErasureResult> {
  const { erasing, store, rules } = deps
  const { report, signal } = context
  const { rest, restart } = createRest(deps, signal)
  const afterPage = async (share: number, text: string) => {
    report({ rows: 0, share: 0.9 * share, text })
    await rest()
  }
  const afterTombstones = async (buriedAt: number) => {
    await erasing.afterTombstones(buriedAt)
    restart()
  }
  const done = await erasePerson(erasure, {
    ...erasing,
    store,
    rules,
    clock: deps.clock,
    afterPage,
    afterTombstones,
  })
  await recompute(deps, signal)
  // Rows that were removed are overwritten; the logs still have them.
  await purge(deps, signal)
  const result = { ...done, backups: [...erasing.backupsBefore(deps.clock())] }
  const { id, by } = erasure
  await store.audit({ at: deps.clock(), who: by, what: 'person_erased', detail: `${id}: ${describeErased(result)}` })
  await erasing.requests.finish(erasure, result)
  // And what it took to find them.
  await purge(deps, signal)
  return result
}

/** The rollups of hours that are not frozen can have values that were chosen. */
async function recompute({ rollups }: EraseJobDeps, signal: AbortSignal): Promise<void> {
  for (let turns = 0; (await rollups.refresh()).isStale && turns < MOST_TURNS; turns++) signal.throwIfAborted()
}

/** Others may record all the time. */
const MOST_TURNS = 10_000
