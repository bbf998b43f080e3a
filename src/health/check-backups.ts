import { backupsIn } from '../backup/folder.ts'
import { backupTrouble, newestBackups } from '../backup/status.ts'
import { showDuration, showSize } from '../lib/units.ts'
import { type Check, ok, warning } from './check.ts'

type Backups = {
  readonly folder: string
  readonly schedule?: string | undefined
  /** What is remembered of the job `backup`. */
  readonly job: Parameters<typeof backupTrouble>[0]['job']
}

/** The newest verified backup, and whether it is as new as it should be. */
export function checkBackups({ folder, schedule, job }: Backups, now: number): Check {
  try {
    backupsIn(folder)
  } catch (error) {
    const fix = 'see that backup.folder names a folder that this user can read and write'
    return warning('backup', (error as Error).message, fix)
  }
  const [newest] = newestBackups(folder, 1)
  const trouble = backupTrouble({ schedule, newestAt: newest?.at, job }, now)
  if (trouble !== undefined)
    return warning('backup', trouble, `\`screentrail backup\` makes one now, and says what is in its way`)
  if (!newest) {
    const found =
      schedule === undefined
        ? 'backup.schedule makes one by itself'
        : 'backup.schedule makes the first one at its next time'
    return ok('backup', `there is none in ${folder} yet; \`screentrail backup\` makes one, ${found}`)
  }
  const age = showDuration(Math.max(0, now - newest.at))
  return {
    ...ok('backup', `${folder}/${newest.name} is ${age} old, ${showSize(newest.bytes)}`),
    values: { name: newest.name, ageMs: now - newest.at },
  }
}
