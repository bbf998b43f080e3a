import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import profile from '../../flows/repair-booking.profile.yaml' with { type: 'text' }
import type { App } from '../app.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import { isBalanced } from '../journal/ledger.ts'
import { createLog } from '../lib/log.ts'
import { pagesOf } from '../store/export.ts'
import type { Session } from '../trail/session.ts'
import { initFolder } from './init.ts'
import { portOf, stopSignal } from './serve.ts'
import { simulateCommand } from './simulate.ts'

const HELP = `
Makes a temporary folder with keys and the repair-booking flow, serves it, lets some hundred simulated people walk it, and
prints where to look. Nothing leaves this machine. Ctrl-C ends it and removes the folder.

Example:
  $ screentrail demo --exit    the same, ending by itself with what was recorded`

type Flags = { readonly port: number; readonly sessions: string; readonly exit?: true }

export function demoCommand(): Command {
  return new Command('demo')
    .description('See it work: a flow, people walking it, and their trails in the admin.')
    .option('-p, --port <number>', 'listen here (default: a free port)', portOf, 0)
    .option('--sessions <n>', 'how many people', '400')
    .option('--exit', 'end after printing what was recorded')
    .addHelpText('after', HELP)
    .action(demo)
}

async function demo(flags: Flags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-demo-'))
  let app: App | undefined
  try {
    app = await startIn(folder)
    const port = await app.listen(flags.port)
    const base = `http://localhost:${port}`
    print(`A flow is served at ${base}/flows/repair-booking, from ${folder}`)
    print(`People walk it now; it takes some ten seconds.\n`)
    await walkThrough(folder, base, flags.sessions)
    await app.settled()
    print(await summaryOf(app))
    if (flags.exit) return
    print(`Look at the trails: ${await app.setupLink(base)}\n(choose any name and password; the link works once)`)
    print('\nCtrl-C ends the demo and removes its folder.')
    await stopSignal()
  } finally {
    await app?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startIn(folder: string): Promise<App> {
  const file = join(folder, 'config.yaml')
  await initFolder(folder)
  await writeFile(join(folder, 'profile.yaml'), profile)
  // The default of a day is too long for a demo.
  await writeFile(file, (await readFile(file, 'utf8')).replace('lost_after: 24h', 'lost_after: 5s'))
  const loaded = await loadConfig(file, process.env)
  if (!loaded.ok) throw new Error(loaded.mistakes.map(formatMistake).join('\n'))
  const { createApp } = await import('../app.ts')
  return createApp(loaded, { log: createLog('warn') })
}

async function walkThrough(folder: string, base: string, sessions: string): Promise<void> {
  const flags = {
    config: join(folder, 'config.yaml'),
    profile: join(folder, 'profile.yaml'),
    url: `${base}/flows/repair-booking`,
    sessions,
    concurrency: '80',
    pace: '0.03',
  }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  await simulateCommand().parseAsync(args, { from: 'user' })
}

async function summaryOf(app: App): Promise<string> {
  const ledger = await app.ledger()
  const pages = pagesOf((after) => app.store.sessions({ now: 0, lostAfterMs: 0, limit: 1_000, ...after }))
  const sessions = (await Array.fromAsync(pages)).flat()
  const left = Map.groupBy(
    sessions.filter((session) => session.completedAt === undefined),
    (session) => session.exit,
  )
  const { received, stored, alreadyStored, waiting, quarantined, dropped } = ledger
  return [
    '',
    `Recorded: ${stored} events in ${sessions.length} sessions, ${sessions.filter((s) => s.completedAt).length} completed.`,
    `Ledger ${isBalanced(ledger) ? 'balanced' : 'NOT BALANCED'}: received ${received} = stored ${stored} + repeated ${alreadyStored} + waiting ${waiting} + quarantined ${quarantined} + dropped ${dropped}`,
    'Left on:',
    ...[...left]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([screen, gone]) => `  ${screen.padEnd(20)} ${String(gone.length).padStart(4)}${share(gone)}`),
    '',
  ].join('\n')
}

/** Shows the story of the example: people with emergencies leave. */
function share(gone: readonly Session[]): string {
  const emergencies = gone.filter((session) => session.choices.service === 'emergency').length
  return emergencies === 0 ? '' : `, of whom ${emergencies} had chosen emergency`
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
