// What is done with a Flow JSON itself.

import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { createTwoFilesPatch } from 'diff'
import { stringify } from 'yaml'
import { fileReason } from '../config/file-reason.ts'
import { formatMistake } from '../config/load.ts'
import { draftFlow } from '../flow/draft-flow.ts'
import { type InstrumentOptions, instrument } from '../flow-json/instrument.ts'
import { readFlowJson } from '../flow-json/read-flow-json.ts'
import { plural } from '../lib/plural.ts'
import { fail } from './fail.ts'
import { given } from './given.ts'

const INSTRUMENT_HELP = `
A way by "navigate" becomes "data_exchange" with the screen it leads to in its payload, as next_screen; Back asks the endpoint by
"refresh_on_back". What an endpoint needs besides, "data_api_version" and routes in "routing_model", is added where it is missing. Everything
else stays as it is, byte for byte. Without --way and --back, it is all ways and Back on all screens but the first.

The endpoint must then answer these requests. In the config, for a way from MENU to CART:
  MENU: { next: [{ when: "input.next_screen = 'CART'", to: CART }] }
and what CART is shown with moves from the payload to its \`pass\` or \`data\`. \`screentrail check\` tells what is missing.

Examples:
  $ screentrail flow instrument flows/booking.json                          shows the change as a diff
  $ screentrail flow instrument flows/booking.json --way MENU:CART --write  makes that one`

const IMPORT_HELP = `
Prints what stands below \`flows:\` in a config: the screens, fields with types and options from the components, what follows by the routing
model, where the phone ends the flow, and a funnel along the longest way. \`flow_json\` names the file as it was given here; in a config it counts
from the config’s folder.

What the Flow JSON does not say is yours to write: data is its example, a choice between two screens is \`when: "false"\`.

Example:
  $ screentrail flow import flows/booking.json`

type Flags = {
  readonly way?: InstrumentOptions['edges'] & readonly object[]
  readonly back?: readonly string[]
  readonly write?: boolean
}

export function flowCommand(): Command {
  const instrumentCommand = new Command('instrument')
    .description('change a Flow JSON so that the endpoint sees more of it')
    .argument('<file>', 'the Flow JSON', given('the name of a file'))
    .option('--way <from:to...>', 'ways that are to ask the endpoint', addWay)
    .option('--back <screen...>', 'screens on which Back is to ask the endpoint')
    .option('--write', 'make the change, instead of showing it')
    .addHelpText('after', INSTRUMENT_HELP)
    .action(runInstrument)
  const importCommand = new Command('import')
    .description('write a config of one flow to start from')
    .argument('<file>', 'the Flow JSON', given('the name of a file'))
    .addHelpText('after', IMPORT_HELP)
    .action(runImport)
  return new Command('flow')
    .description('work with a Flow JSON')
    .addCommand(importCommand)
    .addCommand(instrumentCommand)
}

async function runImport(file: string): Promise<void> {
  try {
    const read = readFlowJson(await readFile(file, 'utf8'), file)
    if (!read.ok) return fail(...read.mistakes.map(formatMistake))
    process.stderr.write(read.notes.map((note) => `warning: ${formatMistake(note)}\n`).join(''))
    const yaml = stringify({ [keyOf(file)]: draftFlow(read.flowJson, file) }, { lineWidth: 120 })
    // Which a config would fill in.
    process.stdout.write(yaml.replaceAll('${', '$${'))
  } catch (error) {
    fail(`${file}: ${fileReason(error)}`)
  }
}

/** A name that a flow can have. */
const keyOf = (file: string): string =>
  basename(file, '.json')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[_-]+/, '')
    .slice(0, 60) || 'flow'

function addWay(text: string, before: readonly { readonly from: string; readonly to: string }[] = []) {
  const [, from, to] = /^(\w+):(\w+)$/.exec(text) ?? []
  if (from === undefined || to === undefined)
    throw new Error(`--way takes two screens, as in MENU:CART, and not ${JSON.stringify(text)}`)
  return [...before, { from, to }]
}

async function runInstrument(file: string, { way, back, write = false }: Flags): Promise<void> {
  try {
    const text = await readFile(file, 'utf8')
    const isAll = way === undefined && back === undefined
    const made = instrument(text, {
      file,
      edges: isAll ? 'all' : (way ?? []),
      refreshOnBack: isAll ? 'all' : (back ?? []),
    })
    if (!made.ok) return fail(...made.mistakes.map(formatMistake))
    const told = (changes: typeof made.changes) => changes.map((change) => formatMistake({ file, ...change }))
    process.stderr.write(
      told(made.leftOut)
        .map((line) => `left as it is: ${line}\n`)
        .join(''),
    )
    if (made.changes.length === 0) process.stdout.write('Nothing is left to change.\n')
    else if (write) {
      await replace(file, made.text)
      process.stdout.write(`${[`${plural(made.changes.length, 'change')} made:`, ...told(made.changes)].join('\n')}\n`)
    } else process.stdout.write(createTwoFilesPatch(file, file, text, made.text, '', '', { context: 2 }))
  } catch (error) {
    fail(`${file}: ${fileReason(error)}`)
  }
}

/** Whole or not at all, whatever happens meanwhile. */
async function replace(file: string, text: string): Promise<void> {
  const beside = `${file}.new`
  await writeFile(beside, text, { mode: (await stat(file)).mode })
  await rename(beside, file)
}
