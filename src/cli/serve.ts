import { setTimeout } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import type { App } from '../app.ts'
import { loadConfig, showMistake } from '../config/load.ts'
import { publicBase } from '../config/public-url.ts'
import { createLog, type Log } from '../lib/log.ts'

const HELP = `
Answers Meta at /flows/<flow>, keeps the trail, and serves the admin at /admin.
The first start prints a one-time link under which the first account is made.
Ctrl-C (or SIGTERM) lets requests finish, hands what is in the journal to the store, and ends.

Example:
  screentrail serve --config /etc/screentrail/config.yaml --port 8080
`

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the data endpoint and the admin')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('-p, --port <number>', 'listen here instead of server.port', portOf)
    .option('--log-level <level>', 'trace, debug, info, warn or error', 'info')
    .addHelpText('after', HELP)
    .action(serve)
}

async function serve(options: { config: string; port?: number; logLevel: string }): Promise<void> {
  const loaded = await loadConfig(options.config, process.env)
  if (!loaded.ok) {
    for (const mistake of loaded.mistakes) process.stderr.write(`${showMistake(mistake)}\n`)
    process.exitCode = 1
    return
  }
  for (const warning of loaded.warnings) process.stderr.write(`warning: ${showMistake(warning)}\n`)

  const { server } = loaded.config
  const log = createLog(options.logLevel)
  const stopAsked = stopSignal()
  // The other commands start in half the time without it.
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
  // The static files' plugin keeps a timer that nothing ends; all that matters is closed by now.
  process.exit()
}

/** While the store is away nobody can say whether there is an account: then this waits for it. */
async function printSetupLink(app: App, base: string, log: Log): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const link = await app.setupLink(base)
      if (link) process.stdout.write(`\nMake the first account here (works once, within 24 hours):\n  ${link}\n`)
      return
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'the admin waits for the store; people are answered meanwhile')
      await setTimeout(SETUP_RETRY_MS)
    }
  }
}

const SETUP_RETRY_MS = 2_000

/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}

export function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535')
  return port
}
