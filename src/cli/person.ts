import { createInterface } from 'node:readline'
import { Command, Option } from 'commander'
import type { Loaded } from '../config/load-result.ts'
import { describeErased, describePreview, LATER } from '../erasure/describe.ts'
import type { ErasureParts } from '../erasure/erasure.ts'
import { exportPerson } from '../erasure/export-person.ts'
import type { Person } from '../erasure/person.ts'
import { isNothing, previewPerson } from '../erasure/preview.ts'
import { systemClock } from '../lib/clock.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import type { QueryStore } from '../store/store.ts'
import { configOption } from './config-option.ts'
import { openErasure } from './open-erasure.ts'
import { openScheduler } from './open-scheduler.ts'
import { withQueryStoreOf } from './open-store.ts'
import { print } from './print.ts'
import { progressOnTerminal } from './progress-bar.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
A person is named by one of three:
  --token T      a flow token, as it was sent or as a page shows it
  --pseudonym P  of a token or of a value, as pages and exports show it: h:…
  --value V      what somebody typed into a form: a phone number, an address. It is hashed here and never stored. With - it is read
                 from standard input, so that no shell remembers it. Every event that has the value, as it is or as a pseudonym,
                 tells a flow token; everything under these tokens is the person's.

Of a token that many people share, only the events that have the value are theirs.

\`person export\` writes all of it to standard output as JSON. \`person erase\` shows how much there is, asks, and erases it from the
store, the journal's quarantine and the archive, also below what is frozen. It cannot be undone. If it is killed, the server goes on
with it, or \`screentrail jobs run erase\`. The server may be running.

Examples:
  $ screentrail person export --token 8f14e45f > person.json
  $ screentrail person erase --value -
  $ screentrail person erase --value - --yes < number.txt
  $ screentrail person erase --pseudonym h:5GQm2f8Zk1aPq0WvXyZ3bA --flow repair-booking --yes`

type Options = {
  readonly config: string
  readonly token?: string
  readonly pseudonym?: string
  readonly value?: string
  readonly flow?: string
}

export function personCommand(): Command {
  const command = new Command('person')
    .description('hand out, or erase, everything that there is of one person')
    .addHelpText('after', HELP)
  command.addCommand(named(new Command('export').description('write all of it as JSON')).action(runExport))
  command.addCommand(
    named(new Command('erase').description('erase all of it')).option('--yes', 'do not ask').action(runErase),
  )
  return command
}

const named = (command: Command): Command =>
  command
    .option('--token <token>', 'a flow token')
    .option('--pseudonym <pseudonym>', 'a pseudonym, as h:…')
    .addOption(new Option('--value <value>', 'what somebody typed; - reads it from standard input'))
    .option('--flow <key>', 'only in this flow')
    .addOption(configOption())

type Asked = {
  readonly loaded: Pick<Loaded, 'file' | 'config' | 'flows'>
  readonly store: QueryStore
  readonly erasure: ErasureParts
  readonly person: Person
}

async function withPerson(options: Options, work: (asked: Asked) => Promise<void>): Promise<void> {
  await withQueryStoreOf(options.config, async ({ store, ...loaded }) => {
    const erasure = await openErasure(loaded, store)
    const value = options.value === '-' ? await readLine('Value: ') : options.value
    const read = await erasure.read({ ...options, value })
    if (!read.ok) throw new Error(`${read.mistake}; see screentrail person --help`)
    await work({ loaded, store, erasure, person: read.person })
  })
}

/** The first line of standard input; empty when it ends before. At a terminal, the question is asked there. */
async function readLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY })
  if (process.stdin.isTTY) lines.setPrompt(question)
  try {
    if (process.stdin.isTTY) lines.prompt()
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}

async function find({ erasure, person }: Asked, at: number) {
  const { onProgress, clear } = progressOnTerminal()
  const afterPage = async (share: number, what: string) => {
    onProgress(share, what)
    await yieldToEventLoop()
  }
  const search = { ...erasure.search, afterPage }
  const result = await previewPerson(person, at, search).finally(clear)
  if (!result.ok) throw new Error(result.mistake)
  return { ...result, search, clear }
}

const runExport = (options: Options): Promise<void> =>
  withPerson(options, async (asked) => {
    const { store, person, loaded } = asked
    const at = systemClock()
    const { found, preview, search, clear } = await find(asked, at)
    const detail = `${person.id}: ${describePreview(preview).join(' ')}`
    await store.audit({ at, who: 'command line', what: 'person_exported', detail })
    if (isNothing(preview)) process.stderr.write('There is nothing of this person.\n')
    const lostAfterMs = loaded.config.session.lost_after
    await print(exportPerson(person, found, at, { ...search, lostAfterMs })).finally(clear)
  })

const runErase = ({ yes = false, ...options }: Options & { readonly yes?: boolean }): Promise<void> =>
  withPerson(options, async (asked) => {
    const { store, erasure, person, loaded } = asked
    const at = systemClock()
    const { preview } = await find(asked, at)
    process.stderr.write(`${describePreview(preview).join('\n')}\n`)
    if (isNothing(preview)) process.stderr.write(`${WHY_NOTHING}\n`)
    if (!yes && !(await isAgreed())) throw new Error('nothing was erased')
    await erasure.requests.add(person, 'command line', at)
    const scheduler = await openScheduler(loaded, store, erasure)
    void stopSignal().then(() => scheduler.stop())
    const { onProgress, clear } = progressOnTerminal()
    const started = await scheduler.start('erase', 'command line', ({ share, text }) => onProgress(share, text))
    if (!started.ok) {
      process.stdout.write(
        'It is noted. The job erase runs elsewhere at the moment; the next one, within the hour, does it.\n',
      )
      return
    }
    const { outcome, text } = await started.ended
    clear()
    await scheduler.stop()
    // The run was of all who are to be erased, and may have failed with somebody else.
    const own = (await erasure.requests.list()).find((each) => each.id === person.id && each.at === at)
    if (own?.state === 'done') {
      process.stdout.write(`${describeErased(own.result)}\n${LATER}\n`)
      return
    }
    if (outcome !== 'stopped') throw new Error(text)
    process.stdout.write(`Stopped. ${GO_ON}\n`)
    process.exitCode = 130
  })

const WHY_NOTHING =
  'Erasing them all the same keeps out what waits in a journal, and what a restore or an import brings.'

const GO_ON = 'The server goes on within the hour, or `screentrail jobs run erase` at once.'

/** Only a person at a terminal can be asked. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('nothing was erased: without a terminal to ask on, add --yes')
  return /^y(?:es)?$/i.test((await readLine('Erase all of it? It cannot be undone. [y/N] ')).trim())
}
