import { Command, InvalidArgumentError, Option } from 'commander'
import { type KeyEntry, publicKeyOf } from '../config/flow-key.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import { basePathOf } from '../config/public-url.ts'
import { type Flow, forwardsOf } from '../flow/definition.ts'
import { randomId } from '../lib/ids.ts'
import { sleep } from '../lib/sleep.ts'
import { apisWithoutExample, mustBeRehearsed } from '../simulate/example-apis.ts'
import { loadProfile } from '../simulate/load-profile.ts'
import { parseProfile } from '../simulate/profile.ts'
import { type RunProgress, type SimulateOptions, simulate } from '../simulate/run.ts'
import { isClean, showReport } from '../simulate/show-report.ts'
import { configOption } from './config-option.ts'
import { fail } from './fail.ts'
import { given } from './given.ts'
import { createProgressBar } from './progress-bar.ts'
import { openRehearsal, type Rehearsal } from './rehearsal.ts'

const HELP = `
Each person opens the flow as a phone would: their requests are encrypted and signed with the keys of the config, and every
answer is decrypted and checked against the flow. With a Flow JSON they fill in and tap what the phone shows, as it stands there; without,
the fields of the config. Now and then they get something wrong, tap twice, go back or leave; a profile says how often (see
flows/repair-booking.profile.yaml).

They walk against \`screentrail serve\`, which runs in another terminal. A flow with calls under \`do\`, or one that asks an API with an
\`example\`, is rehearsed instead, on an endpoint in this process whose store is thrown away: each API answers with its \`example\`, and none
is called that has one. --live-apis goes to the endpoint that runs, which books and orders for real.

Exit code 0 when every answer was right; 1 when one was wrong or did not come, or something failed on our side.

Examples:
  Try a flow before Meta is connected, while \`screentrail serve\` runs in another terminal:
    $ screentrail simulate --sessions 50 --profile flows/repair-booking.profile.yaml

  A quarter of an hour of people as slow as people are, five new ones each second:
    $ screentrail simulate --human --rate 5 --sessions 4500 --concurrency 500`

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Play people walking a flow against a running endpoint, and check every answer they get.')
    .addOption(configOption())
    .option('--flow <key>', 'which flow (default: the first in the config)')
    .option('--url <url>', 'the endpoint (default: http://localhost:PORT/flows/KEY)')
    .option('--live-apis', 'let the endpoint call its APIs for real, those under `do`, too')
    .option('--sessions <n>', 'how many people', wholeNumberTo(10_000_000), 200)
    .option(
      '--rate <n>',
      'people starting each second (default: as one goes, the next comes)',
      numberWithin(0.001, 10_000),
    )
    .option('--concurrency <n>', 'people at the same time, at most', wholeNumberTo(10_000), 16)
    .option('--profile <file>', 'what the people are like', given('the name of a file'))
    .option(
      '--seed <text>',
      'the same seed gives people who decide alike (default: a new one, printed at the end)',
      given('a seed'),
    )
    .addOption(
      new Option('--tokens <kind>', 'fresh: new people in each run; seeded: the same people again for the same seed')
        .choices(['fresh', 'seeded'])
        .default('fresh'),
    )
    .option('--pace <n>', '0: flat out, 1: as slow as people are, 0.05: twenty times faster', numberWithin(0, 100), 0)
    .option('--human', 'the same as --pace 1')
    .option('--keep-going', 'do not mind requests that get no answer, as when the endpoint is restarted on purpose')
    .option('--json', 'print the report as JSON')
    .option('--yes-really-remote', 'allow a URL that is not on this machine; this makes load, so be sure it is yours')
    .addHelpText('after', HELP)
    .action(run)
}

type Flags = {
  readonly config: string
  readonly flow?: string
  readonly url?: string
  readonly liveApis?: true
  readonly sessions: number
  readonly rate?: number
  readonly concurrency: number
  readonly profile?: string
  readonly seed?: string
  readonly tokens: 'fresh' | 'seeded'
  readonly pace: number
  readonly human?: true
  readonly keepGoing?: true
  readonly json?: true
  readonly yesReallyRemote?: true
}

async function run(flags: Flags): Promise<void> {
  const prepared = await prepare(flags)
  if (!prepared.ok) return fail(...prepared.sentences)

  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  process.once('SIGINT', onInterrupt)
  const bar = createProgressBar()
  const onProgress = ({ finished, sessions }: RunProgress) =>
    bar.show(finished / sessions, `${finished} of ${sessions} people`)
  const now = () => performance.timeOrigin + performance.now()
  const { options, rehearsal } = prepared
  const deps = { fetch: rehearsal?.fetch ?? fetch, now, sleep, signal: stop.signal, onProgress }
  const walked = await simulate(options, deps)
  const report = rehearsal ? { ...walked, faults: await rehearsal.faults(options.flow.key) } : walked
  await rehearsal?.close()
  process.off('SIGINT', onInterrupt)
  bar.clear()

  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : showReport(report))
  if (!isClean(report, flags.keepGoing === true)) fail('Not every answer was right; see the report.')
}

type Prepared =
  | { readonly ok: true; readonly options: SimulateOptions; readonly rehearsal?: Rehearsal }
  | { readonly ok: false; readonly sentences: readonly string[] }

async function prepare(flags: Flags): Promise<Prepared> {
  const loaded = await loadConfig(flags.config, process.env)
  if (!loaded.ok) return refuse(...loaded.mistakes.map(formatMistake))
  const { config, flows } = loaded
  const flow = flags.flow === undefined ? flows.values().next().value : flows.get(flags.flow)
  if (!flow)
    return refuse(
      `${flags.config} has no flow ${shown(flags.flow ?? 'at all')}; it has ${[...flows.keys()].join(', ') || 'none'}.`,
    )

  const url = flags.url ?? `http://localhost:${config.server.port}${basePathOf(config.server)}/flows/${flow.key}`
  const notCalled = whyNotCalled(url, flow, flags)
  if (notCalled) return refuse(...notCalled)
  const isRehearsed = mustBeRehearsed(flow) && !flags.liveApis
  const refusal = whyNotWalked(flow, flags, isRehearsed)
  if (refusal !== undefined) return refuse(refusal)
  const profile = await profileOf(flags, flow)
  if (!profile.ok) return refuse(...profile.mistakes.map(formatMistake))

  const seed = flags.seed ?? randomId().slice(0, 8)
  const appSecret = config.meta.signature === 'off' ? undefined : config.meta.app_secrets[0]
  return {
    ok: true,
    ...(isRehearsed && { rehearsal: await openRehearsal(loaded) }),
    options: {
      flow,
      url,
      // Phones have the newest key.
      publicKey: await publicKeyOf(config.meta.keys[0] as KeyEntry),
      ...(appSecret !== undefined && { appSecret }),
      profile: profile.profile,
      timezone: config.server.timezone,
      sessions: flags.sessions,
      concurrency: flags.concurrency,
      ...(flags.rate !== undefined && { rate: flags.rate }),
      seed,
      run: flags.tokens === 'seeded' ? seed : randomId().slice(0, 8),
      pace: flags.human ? 1 : flags.pace,
    },
  }
}

function whyNotCalled(
  text: string,
  flow: Flow,
  { concurrency, yesReallyRemote }: Flags,
): readonly string[] | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol))
    return [
      `${shown(text)} is not a URL of http or https; expected one such as http://localhost:8080/flows/${flow.key}.`,
    ]
  if (isLocal(url) || yesReallyRemote) return undefined
  return [
    `${text} is not on this machine, and this makes load: up to ${concurrency} people at once.`,
    'If the endpoint is yours and can take it, add --yes-really-remote.',
  ]
}

const shown = (text: string): string => text || '""'

/** Another server does what it does for real, and may be the only one to know the screens. */
function whyNotWalked(flow: Flow, flags: Flags, isRehearsed: boolean): string | undefined {
  const { key, tap, isLearning } = flow
  if (!tap && forwardsOf(flow).length === 0) return isRehearsed ? whyNotRehearsed(flow, flags) : undefined
  if (isLearning)
    return `The screens of ${key} are only learned, so nobody can be simulated. \`screentrail learn ${key}\` writes them down as config.`
  return flags.liveApis
    ? undefined
    : `${key} is answered by a server of yours, which would do for real what simulated people ask for. Add --live-apis if it may.`
}

/** Nothing is done for real that nobody asked for. */
function whyNotRehearsed(flow: Flow, { url }: Flags): string | undefined {
  if (url !== undefined)
    return `The endpoint at ${url} would call the APIs of ${flow.key} for real. Add --live-apis if it may, or leave --url out to rehearse with their examples.`
  const missing = apisWithoutExample(flow)
  if (missing.length === 0) return undefined
  const names = missing.map((name) => `flows.${flow.key}.apis.${name}.example`).join(', ')
  return `Nothing is called for real, so simulate needs the body of a good answer: write ${names}, or add --live-apis.`
}

const refuse = (...sentences: readonly string[]): Prepared => ({ ok: false, sentences })

const isLocal = ({ hostname }: URL): boolean => /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)

async function profileOf({ profile }: Flags, flow: Flow) {
  if (profile !== undefined) return loadProfile(profile, flow)
  const defaults = parseProfile({}, flow)
  if (!defaults.ok) throw new Error('the default profile does not suit every flow')
  return defaults
}

/** A whole number from 1 to `most`. */
export const wholeNumberTo = (most: number) =>
  numberOf(`a whole number from 1 to ${show(most)}`, 1, most, Number.isInteger)

const numberWithin = (least: number, most: number) =>
  numberOf(`a number from ${show(least)} to ${show(most)}`, least, most, Number.isFinite)

const show = (value: number): string => value.toLocaleString('en')

function numberOf(expected: string, least: number, most: number, isSuch: (value: number) => boolean) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && isSuch(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected ${expected}.`)
  }
}
