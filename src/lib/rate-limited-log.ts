// The log for lines that strangers can cause: a few of each kind a minute, and one line that counts the rest.

import type pino from 'pino'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { createLogRateLimit } from './log-rate-limit.ts'
import { type RedactedError, redactError } from './redact-error.ts'

export type LogLines = Pick<Log, 'info' | 'warn' | 'error'>

export type RateLimitedLog = LogLines & {
  /** Logs how many lines were not written in past minutes; with `all` also in the present one. */
  summarise(all?: boolean): void
}

export function createRateLimitedLog(log: Log, clock: Clock): RateLimitedLog {
  const limit = createLogRateLimit(clock)
  const lines = (level: keyof LogLines): pino.LogFn =>
    ((...line: Parameters<pino.LogFn>) => {
      if (limit.admit(kindOf(line))) log[level](...line)
    }) as pino.LogFn

  return {
    info: lines('info'),
    warn: lines('warn'),
    error: lines('error'),
    summarise(all) {
      for (const { kind, count } of limit.overdue(all)) log.warn({ count }, `more lines like this one: ${kind}`)
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
