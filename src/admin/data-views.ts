// What the page *Data* shows of backups, exports and the room that data takes.

import type { BackupsView } from '../../views/parts/backups.tsx'
import type { ExportView } from '../../views/parts/exports.tsx'
import type { Fact } from '../../views/parts/facts.tsx'
import type { BackupStatus } from '../backup/status.ts'
import { sentenceOf } from '../lib/sentence.ts'
import { databaseBytes, folderBytes } from '../lib/size-on-disk.ts'
import { showSize } from '../lib/units.ts'
import type { ExportRecord } from '../store/export-records.ts'
import type { LocalTimeFormat } from './local-time.ts'
import type { PageDeps } from './request.ts'

export function backupsView(
  { backups, drill, trouble, beside }: BackupStatus,
  { config, configFile, localTime }: Pick<PageDeps, 'config' | 'configFile' | 'localTime'>,
): BackupsView {
  const { folder, keep, schedule } = config.backup
  const when =
    schedule === undefined
      ? 'The config has no backup.schedule, so only the command backup makes one.'
      : `The server makes one at the times "${schedule}" (UTC).`
  const command = (name: string, ...args: string[]) =>
    ['screentrail', name, ...args, '--config', configFile].map(quoted).join(' ')
  return {
    backups: backups.map(({ at, bytes, ...backup }) => ({
      ...backup,
      madeAt: localTime.second(at),
      size: showSize(bytes),
    })),
    rules: `${when} They are in ${folder}, and the newest ${keep} stay.`,
    ...(trouble !== undefined && { trouble: sentenceOf(trouble) }),
    ...(drill && { drill: { at: localTime.second(drill.at), name: drill.backup, differences: drill.differences } }),
    restore: [
      { does: 'Stop the server.' },
      {
        does: 'Put the backup in place of what is there, which is kept under another name:',
        command: command('restore', `${folder}/${backups[0]?.name ?? 'NAME'}`, '--replace'),
      },
      { does: 'Look at what came back:', command: command('doctor') },
      { does: 'Start the server again:', command: command('serve') },
    ],
    beside,
  }
}

/** As a shell takes it. */
const quoted = (text: string): string => (/^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

export const exportView = (
  { at, what, format, state, bytes, ...record }: ExportRecord,
  localTime: LocalTimeFormat,
): ExportView => ({
  ...record,
  startedAt: localTime.second(at),
  what: `${what}, ${format}`,
  size: showSize(bytes),
  outcome: OUTCOMES[state],
})

const OUTCOMES = { under_way: 'under way', broken_off: 'broken off', whole: 'whole' } as const

/** On disk, at this moment. */
export async function sizesOf({
  store,
  config,
  clock,
}: Pick<PageDeps, 'store' | 'config' | 'clock'>): Promise<readonly Fact[]> {
  const { retention, backup, journal, session } = config
  const [{ bytes }, archive, backups] = await Promise.all([
    store.totals(clock(), session.lost_after),
    retention.archive === undefined || /^s3:/.test(retention.archive) ? undefined : folderBytes(retention.archive),
    folderBytes(backup.folder),
  ])
  const size = (found: number | undefined) => (found === undefined ? NOT_KNOWN : showSize(found))
  return [
    { label: 'Store', value: bytes === 0 ? NOT_KNOWN : showSize(bytes) },
    { label: 'Journal', value: showSize(databaseBytes(journal.file)) },
    ...(retention.archive === undefined ? [] : [{ label: `Archive, ${retention.archive}`, value: size(archive) }]),
    { label: `Backups, ${backup.folder}`, value: size(backups) },
  ]
}

const NOT_KNOWN = 'not known'
