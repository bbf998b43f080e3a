import { Command } from 'commander'
import { formatMistake, loadConfig } from '../config/load.ts'
import type { Loaded } from '../config/load-result.ts'
import { basePathOf } from '../config/public-url.ts'
import type { Flow } from '../flow/definition.ts'
import { placeOf } from '../lib/mongo-uri.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { fail } from './fail.ts'

const HELP = `
Each mistake is one line that editors and terminals can jump to:
  config.yaml:12:7 \`port\` must be a number, found "eighty"

Exit code 0 when the config can be served from, 1 when it cannot.

Example:
  $ screentrail check --config /etc/screentrail/config.yaml`

export function checkCommand(): Command {
  return new Command('check')
    .description('tell every mistake in the config at once, or sum it up when there is none')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .addHelpText('after', HELP)
    .action(async ({ config }: { config: string }) => {
      const loaded = await loadConfig(config, process.env)
      if (loaded.ok) process.stdout.write(summary(loaded))
      else fail(...loaded.mistakes.map(formatMistake))
    })
}

function summary({ file, config, flows, warnings }: Loaded): string {
  const { meta, store } = config
  const signature =
    meta.signature === 'off'
      ? 'OFF: anyone may post to the endpoint'
      : `required, ${count(meta.app_secrets, 'app secret')}`
  return [
    `${file} is good.`,
    '',
    `signature  ${signature}`,
    `keys       ${count(meta.keys, 'private key')}, opened`,
    `store      ${showStore(store.uri)}`,
    ...[...flows.values()].map((flow) => flowLine(flow, basePathOf(config.server))),
    ...(warnings.length > 0 ? ['', 'Odd, but workable:', ...warnings.map(formatMistake)] : []),
    '',
  ].join('\n')
}

const showStore = (uri: string) => (sqliteFileOf(uri) === undefined ? `MongoDB at ${placeOf(uri)}` : uri)

const flowLine = ({ key, screens, funnel }: Flow, base: string) =>
  `flow       ${base}/flows/${key}, ${count([...screens], 'screen')}, funnel ${funnel.map((step) => step.join(' or ')).join(' → ')}`

const count = (items: readonly unknown[], noun: string) => `${items.length} ${noun}${items.length === 1 ? '' : 's'}`
