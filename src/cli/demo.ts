import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { isBalanced } from '../journal/ledger.ts'
import { clockOf, clockText, dayOf } from '../lib/days.ts'
import { createLog } from '../lib/log.ts'
import type { ReportResult } from '../report/result.ts'
import { showFindings } from '../simulate/show-report.ts'
import { type History, playHistory } from './demo/history.ts'
import { FLOW } from './demo/story.ts'
import { given } from './given.ts'
import { initFolder } from './init.ts'
import { createProgressBar } from './progress-bar.ts'
import { portOf } from './serve.ts'
import { wholeNumberTo } from './simulate.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Makes a temporary folder with keys and the repair-booking flow, serves it, and lets simulated people walk it for thirty days,
which pass within half a minute. All they do goes through the endpoint, encrypted and signed as from Meta. Then it prints where to
look, and people go on coming, a few a minute. Nothing leaves this machine. Ctrl-C ends it and removes the folder.

Example:
  $ screentrail demo --exit    the same, ending by itself with what was recorded`

type Flags = { readonly port: number; readonly sessions: number; readonly seed: string; readonly exit?: true }

export function demoCommand(): Command {
  return new Command('demo')
    .description('See it work: a flow, thirty days of people walking it, and their trails in the admin.')
    .option('-p, --port <number>', 'listen here (default: a free port)', portOf, 0)
    .option('--sessions <n>', 'about how many people come in thirty days', wholeNumberTo(100_000), 1_000)
    .option('--seed <text>', 'the same seed gives the same thirty days', given('a seed'), 'demo')
    .option('--exit', 'end after printing what was recorded')
    .addHelpText('after', HELP)
    .action(demo)
}

async function demo(flags: Flags): Promise<void> {
  await show(flags)
  // The static files' plugin keeps a timer alive.
  process.exit()
}

async function show({ port, sessions, seed, exit }: Flags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-demo-'))
  const stop = new AbortController()
  const stopAsked = stopSignal().then(() => stop.abort())
  const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions()
  const bar = createProgressBar()
  let history: History | undefined
  try {
    await initFolder(folder)
    history = await playHistory(
      { folder, port, timezone, people: sessions, seed },
      {
        log: createLog('warn'),
        signal: stop.signal,
        onServing: ({ port }) =>
          print(`A flow is served at ${baseAt(port)}/flows/${FLOW}, from ${folder}\nThirty days pass now.\n`),
        onProgress: (share, day, people) => bar.show(share, `${day}, ${people} people`),
      },
    )
    if (stop.signal.aborted) return
    const { app } = history.business
    bar.show(1, 'adding it all up')
    await app.settled()
    await app.rolledUp()
    bar.clear()
    print(await summaryOf(history))
    if (exit) return
    print(await whereToLook(history, timezone))
    await stopAsked
  } finally {
    bar.clear()
    stop.abort()
    await history?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function summaryOf({ business: { app }, story: { days }, totals }: History): Promise<string> {
  const question = { flow: FLOW, from: days[0], until: days.at(-1) }
  const [ledger, { total }, { drivers }] = await Promise.all([
    app.ledger(),
    app.report('trend', question, Date.now()).then(told),
    app.report('drivers', question, Date.now()).then(told),
  ])
  const { received, stored, alreadyStored, waiting, quarantined, dropped } = ledger
  return [
    `Recorded: ${stored} events in ${total.sessions} sessions of thirty days, ${total.completed} completed.`,
    `Ledger ${isBalanced(ledger) ? 'balanced' : 'NOT BALANCED'}: received ${received} = stored ${stored} + repeated ${alreadyStored} + waiting ${waiting} + quarantined ${quarantined} + dropped ${dropped}`,
    `Surest driver of leaving: ${drivers[0]?.sentence ?? 'none, with so few people'}.`,
    showFindings(totals()),
  ].join('\n')
}

async function whereToLook({ business, story }: History, timezone: string): Promise<string> {
  const { changesAt, outage } = story
  const clock = (at: number) => clockText(clockOf(at, timezone))
  return `Look at their trails: ${await business.app.setupLink(baseAt(business.port))}
(choose any name and password; the link works once)

What to look for:
  - People who chose Emergency repair leave at “Date and time”, where they are shown a calendar.
  - On ${dayOf(changesAt, timezone)} the flow changed: from then on it offers them “We come now”, and more of them stay.
  - On ${dayOf(outage.from, timezone)} from ${clock(outage.from)} to ${clock(outage.until)} the API of the free times was down, and people left.

People go on coming, a few a minute. Ctrl-C ends the demo and removes its folder.`
}

function told<T>(result: ReportResult<T>): T {
  if (!result.ok) throw new Error(result.message)
  return result.report
}

const baseAt = (port: number): string => `http://localhost:${port}`
const print = (text: string): void => void process.stdout.write(`${text}\n`)
