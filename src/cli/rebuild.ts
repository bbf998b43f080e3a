import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { rulebookOf } from '../config/session-rules.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { isProcessGone, thisProcess } from '../lib/this-process.ts'
import { showDuration } from '../lib/units.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { createRollups } from '../rollup/rollups.ts'
import { claim, type Lease } from '../store/lease.ts'
import { type RebuildProgress, rebuild } from '../store/rebuild.ts'
import {
  type Checkpoint,
  deleteCheckpoint,
  REBUILD,
  readCheckpoint,
  rulesFingerprint,
  saveCheckpoint,
} from '../store/rebuild-checkpoint.ts'
import type { QueryStore, Store } from '../store/store.ts'
import type { SessionRulebook } from '../trail/session.ts'
import { configOption } from './config-option.ts'
import { withQueryStoreOf } from './open-store.ts'
import { createProgressBar } from './progress-bar.ts'
import { rollUp } from './roll-up.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Sessions are computed from events, so they can be computed again: after a change of \`session:\`, of a funnel or of closed
choices in the config, and after an update that says so. Events are not touched, and sessions whose events have been removed
stay as they are.

The server may be running. Restart it with the changed config first: until then it goes on by the old rules, and so do the
sessions of whoever comes along.

Ctrl-C (or SIGTERM) ends it after the page under way. The next run goes on from there, even if this one was killed; it begins
anew when the config has changed in between, or Screentrail was updated.

Examples:
  $ screentrail rebuild --dry-run    tells how many sessions would change
  $ screentrail rebuild`

type Flags = { readonly config: string; readonly dryRun?: boolean; readonly restart?: boolean }

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('compute all sessions again from their events, by the rules of the config')
    .addOption(configOption())
    .option('--dry-run', 'only count what would change')
    .option('--restart', 'begin anew, even if an earlier run was interrupted')
    .addHelpText('after', HELP)
    .action(runRebuild)
}

async function runRebuild({ config, dryRun = false, restart = false }: Flags): Promise<void> {
  await withQueryStoreOf(config, async ({ store, ...loaded }) => {
    const rules = rulebookOf(loaded)
    const walked = dryRun
      ? await walk({ store, rules, dryRun, afterPage: async () => {} })
      : await withLease(store, (lease) => rebuildAll(store, rules, restart, lease))
    report(walked, dryRun)
  })
}

async function withLease<T>(store: Store, work: (lease: Lease) => Promise<T>): Promise<T> {
  const claimed = await claim(store, REBUILD, thisProcess(), { clock: systemClock, isGone: isProcessGone })
  if (!claimed.ok) {
    const { process, host, since } = claimed.holder
    throw new Error(
      `another rebuild is under way, or was killed within the last minute: process ${process} on ${host}, since ` +
        `${new Date(since).toISOString()}. Let it finish, or start again in a minute to go on where it was`,
    )
  }
  try {
    return await work(claimed.lease)
  } finally {
    // If the store is away, the claim expires.
    await claimed.lease.release().catch(() => {})
  }
}

async function rebuildAll(store: QueryStore, rules: SessionRulebook, restart: boolean, lease: Lease): Promise<Walked> {
  const fingerprint = rulesFingerprint(rules, packageJson.version)
  const from = await startingPlace(store, fingerprint, restart)
  return walk({
    store,
    rules,
    dryRun: false,
    ...(from && { from }),
    async afterPage({ after, ...done }, tookMs) {
      if (after === undefined) {
        const turns = await createRollups(store.rollups).recomputeAll()
        await deleteCheckpoint(store)
        return recompute(turns, lease)
      }
      await saveCheckpoint(store, { rules: fingerprint, tookMs, after, ...done }, systemClock())
      await lease.renew()
    },
  })
}

/** If this is interrupted, a server continues it. */
async function recompute(turns: AsyncIterable<unknown>, lease: Lease): Promise<void> {
  const stop = new AbortController()
  void stopSignal().then(() => stop.abort())
  print('All sessions are computed; recomputing the rollups.')
  await rollUp({ turns, afterTurn: lease.renew, stopwatch: systemStopwatch, stop: stop.signal })
}

async function startingPlace(store: Store, fingerprint: string, restart: boolean): Promise<Checkpoint | undefined> {
  const place = await readCheckpoint(store, systemClock())
  if (place === undefined) return undefined
  if (!restart && place.rules === fingerprint) {
    print(`Going on after ${plural(place.trails, 'trail')}, where an earlier run ended.`)
    return place
  }
  if (!restart) print('Since an earlier run ended half-way, the rules have changed: beginning anew.')
  await deleteCheckpoint(store)
  return undefined
}

type Walk = {
  readonly store: Store
  readonly rules: SessionRulebook
  readonly dryRun: boolean
  readonly from?: Checkpoint
  /** `tookMs`: including earlier runs. */
  afterPage(done: RebuildProgress, tookMs: number): Promise<void>
}

/** With `done.after`, it was stopped before the end. */
type Walked = { readonly done: RebuildProgress; readonly tookMs: number }

async function walk({ store, rules, dryRun, from, afterPage }: Walk): Promise<Walked> {
  let isStopping = false
  void stopSignal().then(() => {
    isStopping = true
  })
  const bar = createProgressBar()
  const startedAt = systemStopwatch()
  let done: RebuildProgress = from ?? NOTHING
  let tookMs = 0
  try {
    const { events, untracked } = await store.totals(systemClock(), 0)
    for await (done of rebuild(store, rules, { from: done, dryRun })) {
      const runMs = systemStopwatch() - startedAt
      tookMs = (from?.tookMs ?? 0) + runMs
      await afterPage(done, tookMs)
      // On SQLite the pages are computed on this thread, and a signal is to be heard between them.
      await yieldToEventLoop()
      if (isStopping || done.after === undefined) break
      const share = Math.min(done.events / (events - untracked), 1)
      bar.show(share, describe(done, share, from ?? NOTHING, runMs))
    }
    return { done, tookMs }
  } catch (error) {
    const { message } = error as Error
    throw dryRun || done.trails === 0 ? error : new Error(`${message}. ${GO_ON}`)
  } finally {
    bar.clear()
  }
}

const NOTHING: RebuildProgress = { trails: 0, events: 0, sessions: 0, changed: 0 }

const GO_ON = 'The same command goes on from where this one ended.'

/** Estimates the number of trails from the average number of events so far. */
function describe({ trails, events }: RebuildProgress, share: number, from: RebuildProgress, runMs: number): string {
  const all = Math.max(Number((trails / share).toPrecision(2)), trails)
  const rate = Math.round(((trails - from.trails) / runMs) * 1_000)
  const leftMs = (runMs * (events / share - events)) / Math.max(events - from.events, 1)
  return `${trails.toLocaleString('en')} of about ${plural(all, 'trail')}, ${rate.toLocaleString('en')}/s, ${showDuration(leftMs)} left`
}

function report({ done, tookMs }: Walked, dryRun: boolean): void {
  const trails = plural(done.trails, 'trail')
  if (done.after === undefined)
    return void process.stdout.write(
      `${trails}, ${plural(done.sessions, 'session')}, ${done.changed.toLocaleString('en')} ` +
        `${dryRun ? 'would change' : 'changed'}, in ${showDuration(tookMs)}\n`,
    )
  print(`Stopped after ${trails}. ${dryRun ? 'Nothing was changed.' : GO_ON}`)
  process.exitCode = 130
}

const print = (text: string): void => void process.stderr.write(`${text}\n`)
