// What erasing and handing out a person takes, on the command line.

import { readFile } from 'node:fs/promises'
import { openArchive } from '../archive/archive.ts'
import type { Loaded } from '../config/load-result.ts'
import { createErasure, type ErasureParts } from '../erasure/erasure.ts'
import { systemClock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

export async function openErasure(
  { config, flows }: Pick<Loaded, 'config' | 'flows'>,
  store: Store,
): Promise<ErasureParts> {
  const { archive } = config.retention
  return createErasure({
    store,
    key: (await readFile(config.privacy.key, 'utf8')).trim(),
    flows,
    journalFile: config.journal.file,
    archive: archive === undefined ? undefined : openArchive(archive),
    clock: systemClock,
  })
}
