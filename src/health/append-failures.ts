import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'

/** Why the last event could not be written down, and when. */
export type AppendFailure = { readonly at: number; readonly reason: string }

export type AppendWatch = {
  readonly append: Journal['append']
  /** Undefined when the last append succeeded. */
  failure(): AppendFailure | undefined
}

/** The same append, and a memory of how its last call went. */
export function watchAppends(append: Journal['append'], clock: Clock): AppendWatch {
  let failure: AppendFailure | undefined
  return {
    async append(event) {
      try {
        await append(event)
        failure = undefined
      } catch (error) {
        failure = { at: clock(), reason: (error as Error).message }
        throw error
      }
    },
    failure: () => failure,
  }
}
