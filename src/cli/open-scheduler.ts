import { readFile } from 'node:fs/promises'
import { backupsBefore } from '../backup/folder.ts'
import { backUpInProcess } from '../backup/supervised.ts'
import type { Loaded } from '../config/load-result.ts'
import { rulebookOf } from '../config/session-rules.ts'
import type { ErasureParts } from '../erasure/erasure.ts'
import { erasingOf } from '../jobs/erasing.ts'
import { scheduleOf } from '../jobs/schedule.ts'
import { createScheduler, type Scheduler } from '../jobs/scheduler.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { isProcessGone, thisProcess } from '../lib/this-process.ts'
import { agingOf } from '../privacy/aged-input.ts'
import { createRollups } from '../rollup/rollups.ts'
import type { QueryStore } from '../store/store.ts'

/** The jobs, to be run from the command line, beside a server or not. */
export async function openScheduler(
  { file, config, flows }: Pick<Loaded, 'file' | 'config' | 'flows'>,
  store: QueryStore,
  erasure: ErasureParts,
): Promise<Scheduler> {
  const key = (await readFile(config.privacy.key, 'utf8')).trim()
  const jobs = scheduleOf({
    aging: agingOf({ flows, hashAfterMs: config.privacy.hash_after, key }),
    ages: config.retention,
    archive: erasure.sifted,
    erasing: erasingOf(erasure, {
      backupsBefore: (at) => backupsBefore(config.backup.folder, at),
      clock: systemClock,
    }),
    store,
    rollups: createRollups(store.rollups),
    timezone: config.server.timezone,
    rules: rulebookOf({ config, flows }),
    clock: systemClock,
    stopwatch: systemStopwatch,
    backup: { schedule: config.backup.schedule, run: (context) => backUpInProcess(file, context) },
  })
  return createScheduler({
    jobs,
    store,
    clock: systemClock,
    me: thisProcess(),
    isGone: isProcessGone,
    // What became of the run is printed.
    log: createLog('silent'),
  })
}
