import { relative } from 'node:path'
import { Command } from 'commander'
import { formatMistake, loadConfig } from '../config/load.ts'
import type { Loaded } from '../config/load-result.ts'
import { basePathOf } from '../config/public-url.ts'
import type { Flow } from '../flow/definition.ts'
import { placeOf } from '../lib/mongo-uri.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { configOption } from './config-option.ts'
import { explainFlow, measuredLine } from './explain-flow.ts'
import { fail } from './fail.ts'

const HELP = `
Each mistake is one line that editors and terminals can jump to:
  config.yaml:12:7 \`port\` must be a number, found "eighty"

Where a flow names its Flow JSON (flow_json), the config is held against it, and \`measured\` says what of the flow nobody can see.

Exit code 0 when the config can be served from, 1 when it cannot.

Examples:
  $ screentrail check --config /etc/screentrail/config.yaml
  $ screentrail check --explain     each flow as it was understood, and what to change to see more`

export function checkCommand(): Command {
  return new Command('check')
    .description('tell every mistake in the config at once, or sum it up when there is none')
    .addOption(configOption())
    .option('--explain', 'also tell each flow as it was understood')
    .addHelpText('after', HELP)
    .action(async ({ config, explain = false }: { config: string; explain?: boolean }) => {
      const loaded = await loadConfig(config, process.env)
      if (loaded.ok) process.stdout.write(`${summary(loaded)}${explain ? explanation(loaded) : ''}`)
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
    ...[...flows.values()].flatMap((flow) => flowLines(flow, basePathOf(config.server))),
    ...(warnings.length > 0 ? ['', 'Odd, but workable:', ...warnings.map(formatMistake)] : []),
    '',
  ].join('\n')
}

const showStore = (uri: string) => (sqliteFileOf(uri) === undefined ? `MongoDB at ${placeOf(uri)}` : uri)

function explanation({ config, flows }: Loaded): string {
  const explained = [...flows.values()].flatMap((flow) => {
    const file = config.flows[flow.key]?.flow_json
    return ['', ...explainFlow(flow, file === undefined ? undefined : relative('', file))]
  })
  return `${explained.join('\n')}\n`
}

function flowLines(flow: Flow, base: string): readonly string[] {
  const { key, screens, funnel, isLearning } = flow
  const told = `${count([...screens], 'screen')}, funnel ${funnel.map((step) => step.join(' or ')).join(' → ')}`
  const measured = measuredLine(flow)
  return [
    `flow       ${base}/flows/${key}, ${isLearning && screens.size === 0 ? 'learned from what passes' : told}`,
    ...(measured === undefined ? [] : [`measured   ${measured}`]),
  ]
}

const count = (items: readonly unknown[], noun: string) => `${items.length} ${noun}${items.length === 1 ? '' : 's'}`
