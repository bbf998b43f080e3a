import { Command, InvalidArgumentError } from 'commander'
import { databaseFilesOf } from '../config/database-files.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import type { Loaded } from '../config/load-result.ts'
import type { Config } from '../config/schema.ts'
import { type Check, ok, problem, warning } from '../health/check.ts'
import { checkAccess } from '../health/check-access.ts'
import { checkAudit } from '../health/check-audit.ts'
import { checkBackups } from '../health/check-backups.ts'
import { checkClock } from '../health/check-clock.ts'
import { checkJournal } from '../health/check-journal.ts'
import { checkRsa } from '../health/check-rsa.ts'
import { checkKeys, checkSecretFiles } from '../health/check-secrets.ts'
import { checkRoundTrip, checkServer, checkSignatures, findListener } from '../health/check-server.ts'
import { checkSpace } from '../health/check-space.ts'
import { checkStore } from '../health/check-store.ts'
import { readDocument } from '../health/read-document.ts'
import { jobRecordOf, RECORDS } from '../jobs/job-records.ts'
import { BACKUP_JOB } from '../jobs/schedule.ts'
import { systemClock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { sleep } from '../lib/sleep.ts'
import type { Place } from '../store/audit-chain.ts'
import { configOption } from './config-option.ts'
import { portOf } from './serve.ts'

const HELP = `
Looks at the config, the keys, the journal, the store, the disk and the clock, and, when the server runs on this machine,
sends it a health check as Meta does. It only looks: nothing is changed, and a running server is not disturbed.

Exit code 1 when there is a problem; warnings alone leave it 0.

Example:
  $ screentrail doctor --config /srv/flows/config.yaml
  ok       config      /srv/flows/config.yaml loads, 1 flow
  ok       key         /srv/flows/keys/flow-private.pem opens; its public key is SHA-256 4be1…
  ok       rsa         is done by OpenSSL 3.0.19, in 0.12 ms a key; WebCrypto takes 0.26 ms
  warning  secrets     others can read /srv/flows/keys/app-secret (mode 644); chmod 600 /srv/flows/keys/app-secret
  ok       access      only their owner can get at /srv/flows/data
  ok       journal     /srv/flows/data/journal.db is intact
  ok       backlog     nothing waits for the store
  ok       ledger      5210 received = 5204 stored + 6 repeated + 0 waiting + 0 quarantined + 0 dropped
  ok       store       /srv/flows/data/screentrail.db opens: 5,204 events in 1,031 sessions, 2.1 MB
  ok       audit       31 entries, chained since 2026-11-22T08:01:12.417Z; the newest is 31:9c0e…
  ok       backup      /srv/flows/data/backups/2026-11-22T03-30-00.004Z is 6.8 h old, 2.3 MB
  ok       disk        31 GB of 40 GB free in /srv/flows/data
  ok       server      is up on port 8080, and ready
  ok       signatures  since the start at 2026-11-22T08:00:00.000Z, 0 of 5210 signed requests had a signature that matches none of the app secrets
  ok       round trip  /flows/repair-booking answers Meta’s health check, in 4.2 ms
  ok       clock       2026-11-22T10:15:00.000Z

  0 problems, 1 warning.`

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look for what is wrong, or soon will be, and tell what to do about it')
    .addOption(configOption())
    .option('-p, --port <number>', 'where the server listens, if not on server.port', portOf)
    .option('--audit-entry <number:hash>', 'an entry of the audit log, as noted earlier: is it still the same?', noted)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', HELP)
    .action(async ({ config, port, auditEntry, json }: Options) => {
      const checks = await examine(config, port, auditEntry)
      const isHealthy = checks.every((check) => check.verdict !== 'problem')
      process.stdout.write(json ? `${JSON.stringify({ isHealthy, checks }, null, 2)}\n` : report(checks))
      if (!isHealthy) process.exitCode = 1
    })
}

type Options = {
  readonly config: string
  readonly port?: number
  readonly auditEntry?: Place
  readonly json?: true
}

function noted(text: string): Place {
  const [, number, hash] = /^(\d+):([0-9a-f]{64})$/i.exec(text) ?? []
  if (number === undefined || hash === undefined)
    throw new InvalidArgumentError('Expected a number and 64 hexadecimal digits, as the line `audit` shows them.')
  return { number: Number(number), hash: hash.toLowerCase() }
}

async function examine(
  file: string,
  givenPort: number | undefined,
  auditEntry: Place | undefined,
): Promise<readonly Check[]> {
  const now = systemClock()
  const loaded = await loadConfig(file, process.env)
  if (!loaded.ok) {
    const fix = 'nothing else can be looked at before that'
    return [...loaded.mistakes.map((mistake) => problem('config', formatMistake(mistake), fix)), checkClock(now)]
  }
  const { config } = loaded
  const port = givenPort ?? config.server.port
  const listener = await findListener(port)
  const stored = await confirmed(async () => {
    const { checks, ledger } = await checkJournal(config.journal.file, listener === 'ours', now)
    const store = await checkStore(config.store.uri, { now, lostAfterMs: config.session.lost_after, ledger })
    return [
      ...checks,
      store,
      // It would wait once more for a MongoDB that is away.
      ...(store.verdict === 'problem' ? [] : await checkAudit(config.store.uri, auditEntry)),
    ]
  })
  const isStoreThere = stored.every(({ name, verdict }) => name !== 'store' || verdict !== 'problem')
  return [
    ...checkConfig(loaded),
    ...(await checkKeys(config.meta.keys)),
    await checkRsa(config.meta),
    ...(await checkSecretFiles(loaded)),
    ...(await checkAccess(loaded)),
    ...stored,
    await checkBackupsOf(config, now, isStoreThere),
    ...(await checkSpace(databaseFilesOf(config))),
    await checkServer(listener, port),
    // Before the round trip, which counts as a signed request.
    ...(listener === 'ours' ? [...(await checkSignatures(loaded, port)), await checkRoundTrip(loaded, port)] : []),
    checkClock(now),
  ]
}

/** Without the store, nobody knows how the last one ended. */
async function checkBackupsOf({ store, backup }: Config, now: number, isStoreThere: boolean): Promise<Check> {
  const record = isStoreThere ? await readDocument(store.uri, RECORDS, BACKUP_JOB, now) : undefined
  return checkBackups({ ...backup, job: jobRecordOf(record) }, now)
}

/** Repeats checks with problems: a server that starts or stops changes its files meanwhile. */
async function confirmed(check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  const first = await check()
  if (first.every((check) => check.verdict !== 'problem')) return first
  await sleep(1_000)
  return check()
}

function checkConfig({ file, config, flows, warnings }: Loaded): readonly Check[] {
  return [
    ok('config', `${file} loads, ${plural(flows.size, 'flow')}`),
    ...warnings.map((mistake) => warning('config', formatMistake(mistake), 'remove it, or put it to use')),
    ...(config.meta.signature === 'off'
      ? [warning('signature', 'is not checked: anyone may post to the endpoint', 'remove `signature: off`')]
      : []),
  ]
}

function report(checks: readonly Check[]): string {
  const width = Math.max(...checks.map((check) => check.name.length)) + 2
  const lines = checks.map(
    ({ name, verdict, found, fix }) => `${verdict.padEnd(9)}${name.padEnd(width)}${found}${fix ? `; ${fix}` : ''}\n`,
  )
  const count = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).length
  return `${lines.join('')}\n${plural(count('problem'), 'problem')}, ${plural(count('warning'), 'warning')}.\n`
}
