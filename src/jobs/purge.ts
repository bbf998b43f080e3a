import { sleep } from '../lib/sleep.ts'
import { SECOND_MS } from '../lib/units.ts'
import type { Store } from '../store/store.ts'
import type { Pacing } from './rest.ts'

/** How often a file is asked to let go of what was replaced or removed, a second apart. */
const PURGE_TRIES = 60

export type Purging = Pick<Pacing, 'wait'> & {
  readonly store: Pick<Store, 'purge'>
  /** Takes what has left the journal out of its file; false while somebody reads it. Absent where another process has the journal. */
  readonly purgeJournal?: () => Promise<boolean>
}

/** Takes what was replaced or removed out of all files. Rejects with a sentence when somebody keeps one of them open. */
export async function purge({ store, purgeJournal, wait = sleep }: Purging, signal: AbortSignal): Promise<void> {
  const untilDone = async (what: string, call: () => Promise<boolean>) => {
    for (let tries = 0; !(await call()); tries++) {
      if (tries === PURGE_TRIES)
        throw new Error(
          `${what} could not be cleared of what was replaced or removed, as something has been reading it for a minute; ` +
            'end what keeps its file open, such as a backup or a shell',
        )
      await wait(SECOND_MS, signal)
      signal.throwIfAborted()
    }
  }
  await untilDone('the store', store.purge)
  if (purgeJournal) await untilDone('the journal', purgeJournal)
}
