// Limits how often a line is logged: strangers cause many lines, which must not fill a disk or hide others.

import type { Clock } from './clock.ts'
import { MINUTE_MS } from './units.ts'

export type LogRateLimit = {
  /** Whether a line of this kind may be written now. One that may not is counted. */
  admit(kind: string): boolean
  /** The kinds whose minute is over, each once, with the lines not written. `all`: also those of the present minute. */
  overdue(all?: boolean): readonly { readonly kind: string; readonly count: number }[]
}

/** Lines of one kind in a minute. */
export const LINES_PER_MINUTE = 20

/** Kinds are our texts. If input makes more of them, those beyond this limit count as one. */
const MOST_KINDS = 200
const OTHERS = 'other lines'

export function createLogRateLimit(clock: Clock): LogRateLimit {
  const kinds = new Map<string, { readonly since: number; written: number; letGo: number }>()

  const isOver = (since: number): boolean => Math.abs(clock() - since) >= MINUTE_MS

  return {
    admit(text) {
      const kind = kinds.has(text) || kinds.size < MOST_KINDS ? text : OTHERS
      const found = kinds.get(kind)
      const counted = found && !isOver(found.since) ? found : { since: clock(), written: 0, letGo: found?.letGo ?? 0 }
      kinds.set(kind, counted)
      if (counted.written < LINES_PER_MINUTE) {
        counted.written++
        return true
      }
      counted.letGo++
      return false
    },
    overdue(all = false) {
      const over = [...kinds].filter(([, { since }]) => all || isOver(since))
      for (const [kind] of over) kinds.delete(kind)
      return over.filter(([, { letGo }]) => letGo > 0).map(([kind, { letGo }]) => ({ kind, count: letGo }))
    },
  }
}
