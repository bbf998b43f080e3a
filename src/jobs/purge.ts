import { sleep } from '../lib/sleep.ts'
import { SECOND_MS } from '../lib/units.ts'

/** How often a file is asked to let go of what was replaced or removed, a second apart. */
const PURGE_TRIES = 60

/** Asks until it is done; rejects with a sentence when somebody keeps the file open. */
export async function purge(
  what: string,
  call: () => Promise<boolean>,
  { wait = sleep }: { readonly wait?: typeof sleep },
  signal: AbortSignal,
): Promise<void> {
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
