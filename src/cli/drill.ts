import { resolve } from 'node:path'
import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { withFetched } from '../backup/bucket.ts'
import { keepDrill, runDrill } from '../backup/drill.ts'
import { isBucket, requirePlace } from '../config/places.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { showDuration } from '../lib/units.ts'
import { openStore } from '../store/open.ts'
import { countsOf } from './backup.ts'
import { configOption } from './config-option.ts'
import { workAtLowPriority } from './low-priority.ts'
import { closing, loadedOf } from './open-store.ts'
import { progressOnTerminal } from './progress-bar.ts'

const HELP = `
Restores the newest backup into a scratch place, which is removed afterwards: a folder beside the backups, or a MongoDB database whose
name ends with -drill. Compares counts and what the reports say with what the backup says of itself.
The server may be running; nothing of it is touched but the date of the drill.

Exit code 1 when the backup cannot be restored, or something is not as it was.

Example:
  $ screentrail drill`

export function drillCommand(): Command {
  return new Command('drill')
    .description('restore the newest backup into a scratch place, and compare what comes back')
    .argument('[folder]', 'the folder of the backups, or s3://BUCKET/PREFIX, instead of backup.folder')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(drill)
}

async function drill(given: string | undefined, { config: file }: { config: string }): Promise<void> {
  workAtLowPriority()
  const loaded = await loadedOf(file)
  if (given !== undefined) requirePlace(given, 'FOLDER')
  const startedAt = systemStopwatch()
  const { onProgress, clear } = progressOnTerminal()
  const { folder } = loaded.config.backup
  const drillIn = (folder: string) =>
    runDrill({ loaded, folder, version: packageJson.version, clock: systemClock, onProgress })
  const drilled =
    given !== undefined && isBucket(given)
      ? withFetched({ place: given, folder, onProgress }, drillIn)
      : drillIn(given === undefined ? folder : resolve(given))
  const result = await drilled.finally(clear)
  const took = showDuration(systemStopwatch() - startedAt)
  const { name, manifest, differences } = result
  if (differences.length > 0) process.exitCode = 1
  const verdict =
    differences.length > 0
      ? `not as it was: ${differences.join('; ')}`
      : `${countsOf(manifest)}, as it says${manifest.numbers ? '; the reports say the same' : ''}`
  process.stdout.write(`${name}, restored in ${took}: ${verdict}\n`)

  await closing(await openStore(loaded.config.store.uri, createLog('warn')), async (store) => {
    await keepDrill(store, result)
    await store.audit({ at: result.at, who: 'command line', what: 'backup_drilled', detail: name })
  })
}
