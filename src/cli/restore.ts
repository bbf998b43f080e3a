import { Command } from 'commander'
import { withFetched } from '../backup/bucket.ts'
import { runRestore } from '../backup/restore.ts'
import { isBucket } from '../config/places.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { plural } from '../lib/plural.ts'
import { openStore } from '../store/open.ts'
import { countsOf } from './backup.ts'
import { configOption } from './config-option.ts'
import { given } from './given.ts'
import { closing, loadedOf } from './open-store.ts'
import { progressOnTerminal } from './progress-bar.ts'

const HELP = `
BACKUP is the folder of a backup, its name in backup.folder, or s3://BUCKET/PREFIX/NAME. The server must not run. The backup is checked
and copied beside what is there; then all of it is swapped at once, by renaming. What was there before is kept under a name with the instant.
If this is cut short, what was there goes on as it was, or the server does not start until the same command has completed it.

Of a MongoDB, stop every server that uses it, on all machines.

Examples:
  $ screentrail restore 2026-11-28T16-55-03.123Z
  $ screentrail restore /mnt/other-disk/screentrail/2026-11-28T16-55-03.123Z --replace
  $ screentrail doctor     looks at what came back`

export function restoreCommand(): Command {
  return new Command('restore')
    .description('put a backup in place of the store and the journal, while no server runs')
    .argument(
      '<backup>',
      'the folder of a backup, its name in backup.folder, or s3://BUCKET/PREFIX/NAME',
      given('a backup'),
    )
    .option('--replace', 'also where there is data; it is kept under another name')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(restore)
}

type Options = { readonly config: string; readonly replace?: boolean }

async function restore(given: string, { config: file, replace = false }: Options): Promise<void> {
  const loaded = await loadedOf(file, 'make')
  const { onProgress, clear } = progressOnTerminal()
  const restoreFrom = (given: string) =>
    runRestore({ loaded, given, isReplacing: replace, clock: systemClock, onProgress })
  const restored = isBucket(given)
    ? withFetched({ place: given, folder: loaded.config.backup.folder, onProgress }, (_, path) => restoreFrom(path))
    : restoreFrom(given)
  const { name, manifest, erased, kept } = await restored.finally(clear)
  // The backup is the copy of an older layout.
  await closing(await openStore(loaded.config.store.uri, createLog('warn'), { keepsOlder: false }), (store) =>
    store.audit({ at: systemClock(), who: 'command line', what: 'backup_restored', detail: name }),
  )
  const what = manifest ? `: ${countsOf(manifest)}` : ', as an earlier run had begun to'
  process.stdout.write(`Restored ${name}${what}.\n`)
  if (erased && erased.events + erased.sessions > 0)
    process.stdout.write(
      `People who were erased since are erased again: ${plural(erased.events, 'event')} and ${plural(erased.sessions, 'session')}.\n`,
    )
  if (kept.length > 0)
    process.stdout.write(
      `What was there is kept; remove it when all is well:\n${kept.map((path) => `  ${path}\n`).join('')}`,
    )
  process.stdout.write(
    'Next: `screentrail doctor` looks at what came back, and `screentrail serve` goes on from there.\n',
  )
}
