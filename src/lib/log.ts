import pino from 'pino'
import { systemClock } from './clock.ts'
import { createLogLimit } from './log-limit.ts'

export type Log = pino.Logger

/** What may wait for whoever reads standard error (bytes); lines that come on top are let go. */
const MAX_WAITING = 1024 * 1024

/** How often it is looked whether a minute is over in which lines were let go. */
const SUMMARY_MS = 10_000

/** What pino calls it. */
const INFO = 30

/**
 * JSON lines on standard error; standard output belongs to what a command prints. Of each text so many lines a minute are
 * written and the rest is summed up in one, whoever causes them; not so with `trace` and `debug`, for which somebody asked.
 */
export function createLog(level: string): Log {
  if (level === 'silent') return pino({ level })
  const output = pino.destination({ dest: 2, maxLength: MAX_WAITING })
  // Standard error can be a file on a full disk. What cannot be written then must neither end the process, nor keep it from
  // ending: at the exit, the destination would try again for ever.
  let isStuck = false
  const flush = output.flushSync.bind(output)
  output.flushSync = () => {
    if (!isStuck) flush()
  }
  output.on('error', () => {
    isStuck = true
  })
  output.on('drain', () => {
    isStuck = false
  })

  const limit = createLogLimit(systemClock)
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const unlimited = pino(options, output)
  const tell = (all: boolean) => {
    for (const { kind, count } of limit.overdue(all)) unlimited.warn({ count }, `more lines like this one: ${kind}`)
  }
  setInterval(() => tell(false), SUMMARY_MS).unref()
  process.once('exit', () => tell(true))

  const logMethod: NonNullable<pino.LoggerOptions['hooks']>['logMethod'] = function (args, method, number) {
    if (number < INFO || limit.admit(kindOf(args))) method.apply(this, args)
  }
  return pino({ ...options, hooks: { logMethod } }, output)
}

/** The text, and of an error the place in our code, so that one that comes often does not hide another. */
function kindOf([first, text]: readonly unknown[]): string {
  if (typeof first === 'string') return first
  const { err } = (first ?? {}) as { readonly err?: unknown }
  const place = err instanceof Error ? /\n\s+at (.+)/.exec(err.stack ?? '')?.[1] : undefined
  return [text, ...(place === undefined ? [] : [`(${place})`])].join(' ')
}
