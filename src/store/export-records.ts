// What is known of the newest exports: who, what, and a checksum of exactly the bytes that were handed over.

import { createHash } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { randomId } from '../lib/ids.ts'
import type { Json } from '../lib/json.ts'
import { plural } from '../lib/plural.ts'
import type { ExportFormat, ExportWhat } from './export.ts'
import type { Store } from './store.ts'

export type ExportRecord = {
  /** When it began, and when it ended: milliseconds since the epoch. */
  readonly at: number
  readonly endedAt?: number
  /** An account, or `command line`. */
  readonly who: string
  readonly what: ExportWhat
  readonly format: ExportFormat | 'parquet'
  /** In words; `everything` without any. */
  readonly filters: string
  /** `under_way` for good where its process was killed. */
  readonly state: ExportState
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, of a whole one. */
  readonly sha256?: string
}

type ExportState = 'under_way' | 'whole' | 'broken_off'

type ExportStore = Pick<Store, 'documents' | 'putDocument' | 'deleteDocuments' | 'audit'>
type AboutExport = Pick<ExportRecord, 'who' | 'what' | 'format' | 'filters'>

/** Notes that an export begins, so that one whose process is killed is known, too. */
export async function beginExport(store: ExportStore, clock: Clock, about: AboutExport) {
  const at = clock()
  const key = `${new Date(at).toISOString()} ${randomId()}`
  const hash = createHash('sha256')
  /** What the chunks so far have, with the one that is under way. */
  let rows = 0
  /** What was handed over for certain. */
  let count = { rows: 0, bytes: 0 }
  const keep = (record: ExportRecord) => store.putDocument({ kind: KIND, key, value: record as Json }, { now: clock() })

  const finish = async (state: ExportState): Promise<ExportRecord> => {
    const checksum = state === 'whole' && { sha256: hash.digest('hex') }
    const record: ExportRecord = { ...about, at, endedAt: clock(), state, ...count, ...checksum }
    await keep(record)
    await store.audit({ at: clock(), who: about.who, what: 'export_ended', detail: describeExport(record) })
    return record
  }
  let ended: Promise<ExportRecord> | undefined
  const endAs = (state: ExportState) => (ended ??= finish(state))

  await keep({ ...about, at, state: 'under_way', ...count })
  await removeOld(store, clock())
  return {
    countRows(more: number): void {
      rows += more
    },
    /** The chunks as bytes. Whether they are read to the end is recorded. */
    async *through(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
      const encoder = new TextEncoder()
      try {
        for await (const chunk of chunks) {
          const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
          hash.update(bytes)
          yield bytes
          // Who asks for more has them.
          count = { rows, bytes: count.bytes + bytes.length }
        }
        // Whoever calls `end` hears of a failure; the bytes are complete all the same.
        await endAs('whole').catch(() => {})
      } finally {
        await endAs('broken_off').catch(() => {})
      }
    },
    /** It ends here, if it has not ended yet. What is known of it then; rejects where that could not be recorded. */
    end: () => endAs('broken_off'),
  }
}

/** The newest, newest first. */
export async function newestExports(store: Pick<Store, 'documents'>, now: number): Promise<readonly ExportRecord[]> {
  const found = await store.documents(KIND, now)
  return found
    .slice(-KEPT)
    .map(({ value }) => value as unknown as ExportRecord)
    .reverse()
}

/** `1,204 rows, 345,678 bytes, SHA-256 4be1…` */
export function describeOutcome(record: ExportRecord): string {
  const size = describeSize(record)
  return record.state === 'whole' ? `${size}, SHA-256 ${record.sha256}` : `broken off after ${size}`
}

export const describeSize = ({ rows, bytes }: ExportRecord): string =>
  `${plural(rows, 'row')}, ${plural(bytes, 'byte')}`

const describeExport = (record: ExportRecord): string =>
  `${record.what}, ${record.format}, ${record.filters}: ${describeOutcome(record)}`

const KIND = 'export'
const KEPT = 10

/** The audit log has all of them. */
async function removeOld(store: ExportStore, now: number): Promise<void> {
  const keys = (await store.documents(KIND, now)).map(({ key }) => key)
  for (const key of keys.slice(0, Math.max(0, keys.length - KEPT))) await store.deleteDocuments(KIND, key)
}
