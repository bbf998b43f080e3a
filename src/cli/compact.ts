import { Command } from 'commander'
import { isInUse, takeLock } from '../journal/lock.ts'
import { systemStopwatch } from '../lib/clock.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { showDuration, showSize } from '../lib/units.ts'
import { compactStore } from '../store/sqlite/compact.ts'
import { configOption } from './config-option.ts'
import { loadedOf } from './open-store.ts'

const HELP = `
Rows that retention or an erasure removes leave room in the file of a SQLite store. The server gives it back by itself, but for a file
from before it could: that one fills its room again, and never shrinks. This writes the file anew; from then on it gives room back, too.

The server must not run: nothing could be written meanwhile. It needs twice the room of what the store holds, on the same disk, and
says how much where there is less. When it is cut short, the store is as it was.

Example:
  $ screentrail compact`

export function compactCommand(): Command {
  return new Command('compact')
    .description('write the file of a SQLite store anew, without the room that removed rows have left')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(compact)
}

async function compact({ config: configFile }: { readonly config: string }): Promise<void> {
  const { config } = await loadedOf(configFile)
  const file = sqliteFileOf(config.store.uri)
  if (file === undefined)
    throw new Error('store.uri names a MongoDB, which fills the room of removed documents again by itself')
  const journal = config.journal.file
  if (isInUse(journal))
    throw new Error(`a server has ${journal} open; stop it first, because nothing could be written meanwhile`)
  const lock = takeLock(journal)
  try {
    const startedAt = systemStopwatch()
    const { bytesBefore, bytes } = compactStore(file)
    const took = showDuration(systemStopwatch() - startedAt)
    process.stdout.write(`${file}: ${showSize(bytes)}, and it was ${showSize(bytesBefore)}; in ${took}\n`)
  } finally {
    // Without a journal there is none that the next start would miss.
    lock.close(!lock.isOld)
  }
}
