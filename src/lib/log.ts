import pino from 'pino'

export type Log = pino.Logger

/** JSON lines on standard error; standard output belongs to what a command prints. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}
