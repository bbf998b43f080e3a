// An endpoint to rehearse on: the config's own, in this process, with a store of its own that is thrown away, and APIs that are not called.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../app.ts'
import type { Loaded } from '../config/load-result.ts'
import { createApis } from '../flow/call-api.ts'
import { type Clock, systemClock, systemStopwatch } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { plural } from '../lib/plural.ts'
import { type ErrorCategory, errorCategoryOf } from '../rollup/error-category.ts'
import { exampleApis } from '../simulate/example-apis.ts'
import type { Fetch } from '../simulate/exchange.ts'
import { type Findings, findingsOf } from '../simulate/run-counts.ts'
import { count } from '../stats/counts.ts'
import { pagesOf } from '../store/cursor.ts'
import type { TrailEvent } from '../trail/event.ts'

export type Rehearsal = {
  readonly fetch: Fetch
  /** What went wrong on our side of the flow, and cannot be seen from a phone. Counts each kind at each place. */
  faults(flow: string): Promise<Findings>
  close(): Promise<void>
}

export async function openRehearsal(loaded: Loaded, clock: Clock = systemClock): Promise<Rehearsal> {
  // Loaded here, because the other commands start twice as fast without it.
  const { createApp } = await import('../app.ts')
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-rehearsal-'))
  const { config } = loaded
  const away: Loaded = {
    ...loaded,
    config: {
      ...config,
      store: { uri: `sqlite:${join(folder, 'store.db')}` },
      journal: { file: join(folder, 'journal.db'), durability: 'process' },
      retention: {},
      backup: { folder: join(folder, 'backups'), keep: 1 },
    },
  }
  const watches = { clock, stopwatch: systemStopwatch, uptime: systemStopwatch }
  const callApi = exampleApis(watches, createApis({ fetch, ...watches }))
  const app = await createApp(away, { log: createLog('silent'), clock, callApi }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  return {
    fetch: (url, init) => app.handle(new Request(url, init)),
    faults: async (flow) => findingsOf(await faultsOf(app, flow)),
    async close() {
      await app.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function faultsOf({ store, settled }: App, flow: string): Promise<readonly string[]> {
  await settled()
  const counts = new Map<string, number>()
  for await (const events of pagesOf((after) => store.events({ flow, limit: PAGE, ...after })))
    for (const sentence of events.flatMap(faultsIn)) count(counts, sentence)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([sentence, times]) => `${sentence} (${plural(times, 'time')})`)
}

const PAGE = 500

const faultsIn = ({ screen, errors }: TrailEvent): readonly string[] =>
  errors
    .filter(({ code }) => OURS.has(errorCategoryOf(code)))
    .map(({ code, field, message }) => {
      const where = screen === '' ? 'on opening' : `from ${screen}`
      return `${where}: ${code}${field === undefined ? '' : ` of ${field}`}: ${message}`
    })

const OURS: ReadonlySet<ErrorCategory | undefined> = new Set(['internal', 'upstream'])
