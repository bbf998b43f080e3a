import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'

/** Of the last event. */
export type AppendFailure = { readonly at: number; readonly reason: string }

/** Wraps `append` to remember whether its last call failed. */
export function watchAppends(append: Journal['append'], clock: Clock) {
  let failure: AppendFailure | undefined
  return {
    async append(...event: Parameters<Journal['append']>): Promise<void> {
      try {
        await append(...event)
        failure = undefined
      } catch (error) {
        failure = { at: clock(), reason: (error as Error).message }
        throw error
      }
    },
    /** Undefined if the last append succeeded. */
    failure: () => failure,
  }
}
