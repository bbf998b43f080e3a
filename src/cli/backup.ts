import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { type Backup, runBackup } from '../backup/backup.ts'
import { besideBackups } from '../backup/beside.ts'
import { backUpToBucket } from '../backup/bucket.ts'
import { type Manifest, sizeOf } from '../backup/manifest.ts'
import { endWithSupervisor, say } from '../backup/supervised.ts'
import type { Loaded } from '../config/load-result.ts'
import { isBucket, requirePlace } from '../config/places.ts'
import { findUnwritable } from '../config/write-access.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { plural } from '../lib/plural.ts'
import { showDuration, showSize } from '../lib/units.ts'
import { openStore } from '../store/open.ts'
import { configOption } from './config-option.ts'
import { workAtLowPriority } from './low-priority.ts'
import { closing, loadedOf } from './open-store.ts'
import { progressOnTerminal } from './progress-bar.ts'

const HELP = `
Copies the store and the journal while the server runs, into a folder of its own below backup.folder, named by its instant in UTC.
The copy is opened, counted and checked before it gets that name. Then the oldest go, so that backup.keep are left.
In another TARGET, nothing is removed. With backup.schedule in the config, the server does all of this by the clock.

The keys are not in it, and neither is the config: what you need beside a backup is listed at the end.

Examples:
  $ screentrail backup
  $ screentrail backup /mnt/other-disk/screentrail
  $ screentrail backup s3://backups/screentrail
  $ screentrail drill      restores the newest one into a scratch place and compares`

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the store and the journal, beside a running server, and verify the copy')
    .argument('[target]', 'a folder to put it in, or s3://BUCKET/PREFIX, instead of backup.folder')
    .addOption(configOption())
    .addOption(new Option('--supervised', 'as the job `backup` runs it').hideHelp())
    .addHelpText('after', HELP)
    .action(backUp)
}

type Options = { readonly config: string; readonly supervised?: true }

async function backUp(target: string | undefined, { config: file, supervised }: Options): Promise<void> {
  if (supervised) endWithSupervisor()
  workAtLowPriority()
  const loaded = await loadedOf(file)
  const { config } = loaded
  if (target !== undefined) requirePlace(target, 'TARGET')
  const folder = target === undefined || isBucket(target) ? config.backup.folder : resolve(target)
  const unwritable = await findUnwritable([`${folder}/backup`])
  if (unwritable) throw new Error(unwritable)

  const startedAt = systemStopwatch()
  const { onProgress, clear } = supervised ? progressForSupervisor : progressOnTerminal()
  const deps = { config, version: packageJson.version, clock: systemClock, folder, onProgress }
  const made =
    target !== undefined && isBucket(target)
      ? backUpToBucket({ ...deps, place: target })
      : runBackup({ ...deps, ...(target === undefined && { keep: config.backup.keep }) })
  const backup = await made.finally(clear)
  const tookMs = systemStopwatch() - startedAt
  const text = report(backup, tookMs)
  if (supervised) say({ rows: backup.manifest.counts.events, text: text.trim().replace('\n', '. ') })
  else process.stdout.write(`${text}${needed(loaded)}`)
  await noteInAudit(loaded, backup, supervised ? 'system' : 'command line')
}

const progressForSupervisor = {
  onProgress: (share: number, text: string) => say({ share, text }),
  clear() {},
}

type Made = Omit<Backup, 'removed'> & Partial<Pick<Backup, 'removed'>>

/** `12 events in 3 sessions, 1 event waiting in the journal` */
export const countsOf = ({ counts: { events, sessions, waiting } }: Manifest): string =>
  `${plural(events, 'event')} in ${plural(sessions, 'session')}, ${plural(waiting, 'event')} waiting in the journal`

function report({ path, manifest, removed = [] }: Made, tookMs: number): string {
  const size = showSize(sizeOf(manifest))
  const gone = removed.length === 0 ? '' : `Removed, as backup.keep says: ${removed.join(', ')}\n`
  return `${path}: ${countsOf(manifest)}, ${size}, verified, in ${showDuration(tookMs)}\n${gone}`
}

function needed(loaded: Loaded): string {
  const { files, variables } = besideBackups(loaded)
  const values = variables.length === 0 ? '' : `and the values of these environment variables:\n${listed(variables)}`
  return `Not in it are the config, the keys, who was erased, and what else the config takes from files and variables. Keep copies of these files elsewhere:\n${listed(files)}${values}`
}

const listed = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('')

/** An older layout stays as it is: whoever backs up before an update does not want the update to begin. */
async function noteInAudit({ config }: Loaded, { path, manifest }: Made, who: string): Promise<void> {
  if (manifest.numbers === undefined) return
  await closing(await openStore(config.store.uri, createLog('warn')), (store) =>
    store.audit({ at: systemClock(), who, what: 'backup_made', detail: path }),
  )
}
