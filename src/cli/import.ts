import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { type ImportProgress, type ImportWork, importEvents } from '../archive/import.ts'
import { sourcesAt } from '../archive/sources.ts'
import type { Loaded } from '../config/load-result.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { showDuration } from '../lib/units.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { agedBy, agingOf } from '../privacy/aged-input.ts'
import { configOption } from './config-option.ts'
import { eachGiven } from './given.ts'
import { openErasure } from './open-erasure.ts'
import { withStoreOf } from './open-store.ts'
import { createProgressBar } from './progress-bar.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Takes archives (a folder, or s3://BUCKET/PREFIX), files of an archive, and what \`screentrail export events\` wrote as NDJSON or
as CSV; compressed by zstd or gzip, or not. - is standard input. Without a name it takes the archive of the config,
retention.archive. Files of an archive are compared with the checksum in their manifest first.

An event that is there already is passed over, so everything may be imported twice, and beside a running server. Sessions and
numbers follow by the rules of the config. Events that are older than retention.events are removed again in time. Those of people
who were erased are left out.

What cannot be read is named by file and line, and everything else is taken. Ctrl-C (or SIGTERM) ends it after the batch under
way; the same command goes on. The exit code is 0 when everything was taken.

Examples:
  $ screentrail import                            what was archived
  $ screentrail import events.ndjson more.csv.gz  exports
  $ screentrail import --dry-run old/archive      tells how many events would be new`

type Flags = { readonly config: string; readonly dryRun?: boolean; readonly damaged?: boolean }

export function importCommand(): Command {
  return new Command('import')
    .description('take archives and exported events back in')
    .argument(
      '[place...]',
      'files, folders, s3://BUCKET/PREFIX, or - for standard input; by default the archive',
      eachGiven('a place'),
    )
    .addOption(configOption())
    .option('--dry-run', 'only count what is new')
    .option('--damaged', 'take what can be read of a file that is not what its manifest says')
    .addHelpText('after', HELP)
    .action(runImport)
}

async function runImport(places: readonly string[], { config: file, dryRun = false, damaged = false }: Flags) {
  await withStoreOf(file, dryRun ? 'reject' : 'make', async ({ store, ...loaded }) => {
    const { archive } = loaded.config.retention
    const named = places.length === 0 && archive !== undefined ? [archive] : places
    if (named.length === 0)
      throw new Error('there is nothing to import: name a file or a folder, or set retention.archive in the config')
    const sources = await sourcesAt(named, process.stdin)
    if (!dryRun)
      await store.audit({ at: systemClock(), who: 'command line', what: 'import_events', detail: named.join(', ') })
    const aged = await agedFor(loaded)
    const erasure = await openErasure(loaded, store)
    const sift = dryRun ? erasure.withoutErased : erasure.sift
    const work = { sources, store, rules: rulebookOf(loaded), aged, sift, isDryRun: dryRun, takesDamaged: damaged }
    await runWork(work)
  })
}

async function agedFor({ config, flows }: Loaded): Promise<ImportWork['aged']> {
  const key = (await readFile(config.privacy.key, 'utf8')).trim()
  return agedBy(agingOf({ flows, hashAfterMs: config.privacy.hash_after, key }), systemClock)
}

async function runWork(work: ImportWork): Promise<void> {
  let isStopping = false
  void stopSignal().then(() => {
    isStopping = true
  })
  const { sources, isDryRun } = work
  const bar = createProgressBar()
  const told = createTold(bar.clear)
  const startedAt = systemStopwatch()
  const all = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  let done: ImportProgress = NOTHING
  let isStopped = false
  try {
    for await (done of importEvents(work)) {
      told.add(done)
      // On SQLite a batch is quick, and a signal is to be heard between them.
      await yieldToEventLoop()
      isStopped = isStopping
      if (isStopped) break
      const tookMs = systemStopwatch() - startedAt
      const rate = Math.round((done.read / Math.max(tookMs, 1)) * 1_000)
      if (all > 0)
        bar.show(
          Math.min(done.bytes / all, 1),
          `${plural(done.read, 'event')}, ${rate.toLocaleString('en')}/s, ${done.at}`,
        )
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}. Ended after ${done.at || 'nothing'}. ${GO_ON}`)
  } finally {
    bar.clear()
  }
  told.end()
  const tookMs = systemStopwatch() - startedAt
  process.stdout.write(`${summaryOf(done, told.counts(), isDryRun)}, in ${showDuration(tookMs)}\n`)
  if (isStopped) {
    process.stderr.write(`Stopped after ${done.at}. ${GO_ON}\n`)
    process.exitCode = 130
  } else if (told.counts().refused + told.counts().unread > 0) process.exitCode = 1
}

const NOTHING: ImportProgress = { read: 0, stored: 0, known: 0, erased: 0, refused: [], unread: [], bytes: 0, at: '' }

const GO_ON = 'The same command goes on: what is there already is passed over.'

function summaryOf(
  { read, stored, known, erased }: ImportProgress,
  { refused, unread }: Counts,
  isDryRun: boolean,
): string {
  const number = (count: number) => count.toLocaleString('en')
  return [
    `${plural(read, 'event')} read`,
    `${number(stored)} ${isDryRun ? 'would be new' : 'new'}`,
    `${number(known)} known already`,
    `${number(refused)} refused`,
    ...(erased > 0 ? [`${number(erased)} left out, of people who were erased`] : []),
    ...(unread > 0 ? [`${plural(unread, 'file')} not taken`] : []),
  ].join(', ')
}

type Counts = { readonly refused: number; readonly unread: number }

const MOST_TOLD = 50

/** Says what was refused as it comes up, but no endless list of it. */
function createTold(before: () => void) {
  let refused = 0
  let unread = 0
  const tell = (sentence: string) => {
    before()
    process.stderr.write(`${sentence}\n`)
  }
  return {
    add(progress: ImportProgress): void {
      for (const sentence of progress.refused) if (++refused <= MOST_TOLD) tell(sentence)
      for (const sentence of progress.unread) {
        unread++
        tell(`${sentence}; nothing of it was taken. --damaged takes what can be read`)
      }
    },
    end(): void {
      if (refused > MOST_TOLD) tell(`… and ${plural(refused - MOST_TOLD, 'more refusal')}`)
    },
    counts: (): Counts => ({ refused, unread }),
  }
}
