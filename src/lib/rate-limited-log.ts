// The log for lines that strangers can cause, which must not fill a disk or hide others: a few of each kind a minute, and one
// line that counts the rest.

import type pino from 'pino'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { type RedactedError, redactError } from './redact-error.ts'
import { MINUTE_MS } from './units.ts'

export type LogLines = Pick<Log, 'info' | 'warn' | 'error'>

/** Lines of one kind in a minute. */
export const LINES_PER_MINUTE = 20

/** Kinds are our texts. If input makes more of them, those beyond this limit count as one. */
const MOST_KINDS = 200
const OTHERS = 'other lines'

export function createRateLimitedLog(log: Log, clock: Clock) {
  const kinds = new Map<string, { readonly since: number; written: number; letGo: number }>()

  const isOver = (since: number): boolean => Math.abs(clock() - since) >= MINUTE_MS

  /** Whether a line of this kind may be written now. One that may not is counted. */
  const admit = (text: string): boolean => {
    const kind = kinds.has(text) || kinds.size < MOST_KINDS ? text : OTHERS
    const found = kinds.get(kind)
    const counted = found && !isOver(found.since) ? found : { since: clock(), written: 0, letGo: found?.letGo ?? 0 }
    kinds.set(kind, counted)
    const isAdmitted = counted.written < LINES_PER_MINUTE
    counted[isAdmitted ? 'written' : 'letGo']++
    return isAdmitted
  }

  const lines = (level: keyof LogLines): pino.LogFn =>
    ((...line: Parameters<pino.LogFn>) => {
      if (admit(kindOf(line))) log[level](...line)
    }) as pino.LogFn

  return {
    info: lines('info'),
    warn: lines('warn'),
    error: lines('error'),
    /** Logs how many lines were not written in past minutes; with `all` also in the present one. */
    summarise(all = false): void {
      for (const [kind, { since, letGo }] of kinds) {
        if (!all && !isOver(since)) continue
        kinds.delete(kind)
        if (letGo > 0) log.warn({ count: letGo }, `more lines like this one: ${kind}`)
      }
    },
  }
}

/** The text and the place of an error in our code, so that a frequent error does not hide another. */
function kindOf([first, text]: readonly unknown[]): string {
  if (typeof first === 'string') return first
  const { err, fault } = (first ?? {}) as { readonly err?: unknown; readonly fault?: RedactedError }
  const place = fault?.at[0] ?? (err instanceof Error ? redactError(err).at[0] : undefined)
  return [text, ...(place === undefined ? [] : [`(${place})`])].join(' ')
}
