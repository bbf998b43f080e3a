import { Command } from 'commander'
import { type Outcome, outcomeOf } from '../jobs/outcome.ts'
import type { JobState, Scheduler, Started } from '../jobs/scheduler.ts'
import { systemClock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { showDuration } from '../lib/units.ts'
import type { Store } from '../store/store.ts'
import { configOption } from './config-option.ts'
import { openErasure } from './open-erasure.ts'
import { openScheduler } from './open-scheduler.ts'
import { withQueryStoreOf } from './open-store.ts'
import { createProgressBar } from './progress-bar.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
A server runs its jobs by the clock, in UTC; of several replicas one does. What was missed while nothing ran is done once, soon
after the start. A job that fails runs again at its next time.

\`jobs run\` does one now. The server may be running; it is refused while the job runs elsewhere. Ctrl-C (or SIGTERM) ends it between
two batches, and the next run goes on from there.

Examples:
  $ screentrail jobs
  $ screentrail jobs run hash`

type Options = { readonly config: string }

export function jobsCommand(): Command {
  const command = new Command('jobs')
    .description('list what is done by the clock, when it runs next and how it ended; run one now')
    .addOption(configOption())
    .addHelpText('after', HELP)
    // Commander takes a misspelt command for an argument too many where the group itself does something.
    .allowExcessArguments()
    .action((options: Options, group: Command) =>
      group.args.length > 0 ? (group as Refusing).unknownCommand() : withScheduler(options, printList),
    )
  command
    .command('run <name>')
    .description('run a job now')
    .allowExcessArguments(false)
    .action((name: string, _: unknown, sub: Command) =>
      withScheduler(sub.optsWithGlobals<Options>(), (scheduler, store) => runNow(scheduler, store, name)),
    )
  return command
}

/** What other groups of commands say by themselves; missing from Commander's types. */
type Refusing = Command & { unknownCommand(): never }

type Work = (scheduler: Scheduler, store: Store) => Promise<void>

async function withScheduler({ config: file }: Options, work: Work): Promise<void> {
  await withQueryStoreOf(file, async ({ store, ...loaded }) => {
    await work(await openScheduler(loaded, store, await openErasure(loaded, store)), store)
  })
}

async function printList(scheduler: Scheduler): Promise<void> {
  const jobs = await scheduler.list()
  process.stdout.write(jobs.map(describe).join('\n'))
}

function describe(job: JobState): string {
  const { name, cron, does, nextAt, lastRun, progress } = job
  const outcome = outcomeOf(job)
  const began = lastRun && new Date(lastRun.startedAt).toISOString()
  const last = lastRun === undefined ? 'never' : `${began} by ${lastRun.by}: ${OUTCOMES[outcome]}`
  const detail = progress
    ? `${Math.floor(progress.share * 100)} %, ${plural(progress.rows, 'row')}. ${progress.text}`
    : lastRun && `${plural(lastRun.rows, 'row')}. ${lastRun.text}`
  return [
    `${name}  ${does}`,
    `  next run  ${nextAt === undefined ? 'never' : new Date(nextAt).toISOString()}  (${cron}, UTC)`,
    `  last run  ${last}`,
    ...(detail === undefined ? [] : [`            ${detail}`]),
    '',
  ].join('\n')
}

const OUTCOMES: { readonly [outcome in Outcome]: string } = {
  never: 'has not run',
  running: 'is running',
  ok: 'done',
  failed: 'failed',
  stopped: 'stopped half-way',
  killed: 'did not end, as its process was killed',
}

async function runNow(scheduler: Scheduler, store: Store, name: string): Promise<void> {
  const bar = createProgressBar()
  const started = await scheduler.start(name, 'command line', ({ share, rows, text }) =>
    bar.show(share, `${plural(rows, 'row')}. ${text}`),
  )
  if (!started.ok) throw new Error(await refusal(scheduler, name, started))
  void stopSignal().then(() => scheduler.stop())
  await store.audit({ at: systemClock(), who: 'system', what: 'job_run', detail: `${name}, from the command line` })
  const { outcome, text, rows, startedAt, endedAt = startedAt } = await started.ended
  bar.clear()
  // The claim of the run is given back after it has ended.
  await scheduler.stop()
  if (outcome === 'failed') throw new Error(`the job ${name} failed: ${text}`)
  process.stdout.write(`${text} ${plural(rows, 'row')}, in ${showDuration(Math.max(0, endedAt - startedAt))}\n`)
  if (outcome === 'stopped') process.exitCode = 130
}

async function refusal(scheduler: Scheduler, name: string, started: Started & { ok: false }): Promise<string> {
  if (started.reason === 'running') {
    const { process, host, since } = started.holder
    return (
      `the job ${name} runs already, or was killed within the last minute: process ${process} on ${host}, since ` +
      `${new Date(since).toISOString()}. \`screentrail jobs\` shows how far it is`
    )
  }
  const names = (await scheduler.list()).map((job) => job.name).join(', ')
  return `there is no job ${JSON.stringify(name)}; there is ${names}`
}
