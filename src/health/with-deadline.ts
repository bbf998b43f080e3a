import { withTimeout } from '../lib/with-timeout.ts'

/** What the work gives, or undefined when it fails or takes longer than this (milliseconds). */
export const answeredWithin = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  withTimeout(ms, work).catch(() => undefined)

/** A disk or a database that takes longer than this to answer is as good as gone. Probes give up after some seconds too. */
export const PATIENCE_MS = 2_000
