import pino from 'pino'

export type Log = pino.Logger

/** Bytes that may wait for the reader of standard error; further lines are dropped. */
const MAX_WAITING = 1024 * 1024

/** JSON lines on standard error; standard output belongs to what a command prints. */
export function createLog(level: string): Log {
  const output = pino.destination({ dest: 2, maxLength: MAX_WAITING })
  // Standard error can be a file on a full disk. That must neither end the process nor keep it from ending: at the exit, the
  // destination would retry for ever.
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
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output)
}
