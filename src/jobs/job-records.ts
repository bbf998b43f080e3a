// What is remembered of each scheduled job. It is in the store, so that all replicas and the command line know.

import { z } from 'zod'
import type { Json } from '../lib/json.ts'
import { SECOND_MS } from '../lib/units.ts'
import type { Store } from '../store/store.ts'

const run = z.object({
  startedAt: z.int(),
  /** Absent while it runs, and for ever where its process was killed. */
  endedAt: z.int().optional(),
  /** An account, or `schedule`, or `command line`. */
  by: z.string(),
  outcome: z.enum(['running', 'ok', 'failed', 'stopped']),
  rows: z.int(),
  /** What was done, or why it failed. */
  text: z.string(),
})

const record = z.object({
  /** The time of the schedule that was done last. */
  slot: z.int().optional(),
  /** A time that was begun and neither done nor failed, and how often. */
  unfinished: z.object({ slot: z.int(), tries: z.int() }).optional(),
  lastRun: run.optional(),
  lastSuccessAt: z.int().optional(),
})

const progress = z.object({ rows: z.int(), share: z.number(), text: z.string() })

export type JobRun = z.infer<typeof run>
export type JobRecord = z.infer<typeof record>

export function createJobRecords(store: Pick<Store, 'getDocument' | 'putDocument' | 'deleteDocuments'>) {
  const read = async <T>(schema: z.ZodType<T>, kind: string, name: string, now: number): Promise<T | undefined> => {
    const found = schema.safeParse(await store.getDocument(kind, name, now))
    return found.success ? found.data : undefined
  }
  return {
    get: async (name: string, now: number): Promise<JobRecord> => (await read(record, RECORDS, name, now)) ?? {},

    async put(name: string, value: JobRecord, now: number): Promise<void> {
      await store.putDocument({ kind: RECORDS, key: name, value: value as Json }, { now })
    },

    /** Does nothing if another process writes the record in between. */
    async change(name: string, change: (value: JobRecord) => JobRecord, now: number): Promise<void> {
      const stored = await store.getDocument(RECORDS, name, now)
      const value = change(record.safeParse(stored).data ?? {}) as Json
      const isUnchanged = stored === undefined ? { onlyIfAbsent: true } : { onlyIf: stored }
      await store.putDocument({ kind: RECORDS, key: name, value }, { now, ...isUnchanged })
    },

    /** Of the run under way, in whichever process it is; undefined when none has been heard of for a while. */
    progressOf: (name: string, now: number) => read(progress, PROGRESS, name, now),

    /** To be repeated every `PROGRESS_EVERY_MS`. */
    async putProgress(name: string, value: z.infer<typeof progress>, now: number): Promise<void> {
      await store.putDocument({ kind: PROGRESS, key: name, value, expiresAt: now + SILENCE_MS }, { now })
    },

    async endProgress(name: string): Promise<void> {
      await store.deleteDocuments(PROGRESS, name)
    },
  }
}

/** As stored under `RECORDS`. */
export const jobRecordOf = (stored: Json | undefined): JobRecord => record.safeParse(stored).data ?? {}

export const RECORDS = 'job'
const PROGRESS = 'job progress'
const SILENCE_MS = 60 * SECOND_MS
export const PROGRESS_EVERY_MS = 2 * SECOND_MS
