import { existsSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { App } from '../app.ts'
import { describeUnfinished, unfinishedSwap } from '../backup/swap.ts'
import { storeMistake } from '../config/cross-check.ts'
import { databaseFilesOf } from '../config/database-files.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import { publicBase } from '../config/public-url.ts'
import { findUnwritable } from '../config/write-access.ts'
import { createLog, type Log } from '../lib/log.ts'
import { sleep } from '../lib/sleep.ts'
import { configOption } from './config-option.ts'
import { fail } from './fail.ts'
import { initMissing } from './init.ts'
import { uploadLine } from './keygen.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Answers Meta at /flows/<flow>, keeps the trail, and serves the admin at /admin.
The first start prints a one-time link under which the first account is made.
Ctrl-C (or SIGTERM) lets requests finish, hands what is in the journal to the store, and ends.

With --init a first start needs nothing: where there is no config, it writes one as \`screentrail init\` does, and the keys that
are not there yet. What is there is kept.

Examples:
  $ screentrail serve --config /etc/screentrail/config.yaml --port 8080
  $ screentrail serve --init --store mongodb://localhost/screentrail
`

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the data endpoint and the admin')
    .addOption(configOption())
    .option('-p, --port <number>', 'listen here instead of server.port', portOf)
    .addOption(new Option('--log-level <level>', 'how much is logged').choices(LOG_LEVELS).default('info'))
    .option('--init', 'where there is no config, write one first, and its keys')
    .option('--store <uri>', 'with --init: the store that a new config names')
    .addHelpText('after', HELP)
    .action(serve)
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error']

const NOT_INIT =
  'screentrail: --store is for a new config, which only --init writes. Set store.uri in the config instead, or add --init.'

type Options = {
  readonly config: string
  readonly port?: number
  readonly logLevel: string
  readonly init?: true
  readonly store?: string
}

async function serve(options: Options): Promise<void> {
  if (options.store !== undefined && !options.init) return fail(NOT_INIT)
  const mistake = options.store === undefined ? undefined : await storeMistake(options.store)
  if (mistake !== undefined) return fail(`--store ${mistake}`)
  // Whoever read the first lines may have gone; the server goes on.
  process.stdout.on('error', () => {})
  const isNew = options.init && !existsSync(options.config)
  if (isNew) await makeConfig(options.config, options.store)
  const loaded = await loadConfig(options.config, process.env)
  if (!loaded.ok) return fail(...loaded.mistakes.map(formatMistake))
  if (!isNew && options.store !== undefined && options.store !== loaded.config.store.uri)
    process.stdout.write(`${options.config} is there already, and its store.uri counts, not --store.\n`)
  for (const warning of loaded.warnings) process.stderr.write(`warning: ${formatMistake(warning)}\n`)

  const unwritable = await findUnwritable(databaseFilesOf(loaded.config))
  if (unwritable) throw new Error(unwritable)
  const unfinished = unfinishedSwap(loaded.config.journal.file)
  if (unfinished) throw new Error(describeUnfinished(unfinished))

  const { server } = loaded.config
  const log = createLog(options.logLevel)
  const stopAsked = stopSignal()
  // Loaded here, because the other commands start twice as fast without it.
  const { createApp } = await import('../app.ts')
  const app = await createApp(loaded, { log })
  const port = await app.listen(options.port ?? server.port)
  const base = publicBase(server, port)
  process.stdout.write(`screentrail is up on port ${port}\n`)
  for (const flow of loaded.flows.keys()) process.stdout.write(`  data endpoint   ${base}/flows/${flow}\n`)
  process.stdout.write(`  admin           ${base}/admin\n`)
  await Promise.race([printSetupLink(app, base, log), stopAsked])

  await stopAsked
  log.info('stopping')
  await app.stop()
  // The static files' plugin keeps a timer alive.
  process.exit()
}

async function makeConfig(file: string, store: string | undefined): Promise<void> {
  const unwritable = await findUnwritable([file])
  if (unwritable) throw new Error(unwritable)
  const written = await initMissing(file, store)
  process.stdout.write(`Written, as there was no config:
${written.map((path) => `  ${path}\n`).join('')}
Describe your flow in ${file}, put the secret of your Meta app into keys/app-secret beside it, and upload the public key once for
each phone number:

${uploadLine('keys/flow-public.pem')}

`)
}

/** Waits for the store, which knows whether there is an account. */
async function printSetupLink(app: App, base: string, log: Log): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const link = await app.setupLink(base)
      if (link) process.stdout.write(`\nMake the first account here (works once, within 24 hours):\n  ${link}\n`)
      return
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'the admin waits for the store; people are answered meanwhile')
      await sleep(SETUP_RETRY_MS)
    }
  }
}

const SETUP_RETRY_MS = 2_000

export function portOf(text: string): number {
  const port = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return port
}
