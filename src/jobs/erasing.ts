import type { ErasureParts } from '../erasure/erasure.ts'
import { untilOthersLearn } from '../erasure/sift.ts'
import type { Clock } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'
import type { EraseJobDeps } from './erase.ts'

type Around = Pick<EraseJobDeps['erasing'], 'backupsBefore'> & {
  /** Resolves when this process has recorded what it read before. */
  readonly batchEnded?: () => Promise<void>
  readonly clock: Clock
}

/** What the job `erase` takes of an erasure. There can always be another process that records: on SQLite, `import`. */
export const erasingOf = (
  erasure: ErasureParts,
  { backupsBefore, batchEnded = async () => {}, clock }: Around,
): EraseJobDeps['erasing'] => ({
  ...erasure,
  ...erasure.search,
  backupsBefore,
  async afterTombstones(buriedAt) {
    await batchEnded()
    await sleep(untilOthersLearn(buriedAt, clock()))
  },
})
