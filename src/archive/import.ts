// Takes events back in, batch by batch, through `store.record`: what is known already changes nothing.

import { portionsOf } from '../lib/portions.ts'
import type { Store } from '../store/store.ts'
import { validateBatch } from '../store/validate-batch.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { FileRecord } from './file-record.ts'
import { recordsOf } from './records.ts'
import type { ImportSource } from './sources.ts'

export type ImportWork = {
  readonly sources: readonly ImportSource[]
  readonly store: Pick<Store, 'record' | 'known'>
  readonly rules: SessionRulebook
  /** As of now: with the pseudonyms of values that have come of age, which an old file may still have. */
  readonly aged: (event: TrailEvent) => TrailEvent
  /** Leaves out the events of people who were erased. Without it, all are taken. */
  readonly sift?: (events: readonly TrailEvent[]) => Promise<readonly TrailEvent[]>
  /** Only counts. An event that comes twice is new twice then, unless within a batch. */
  readonly isDryRun: boolean
  /** Takes what can be read of a file that is not what its manifest says. */
  readonly takesDamaged: boolean
}

export type ImportProgress = {
  /** Events and what should have been some. */
  readonly read: number
  readonly stored: number
  readonly known: number
  /** Of people who were erased: these are left out. */
  readonly erased: number
  /** Since the last progress: sentences that name the file and the line. */
  readonly refused: readonly string[]
  /** Files of which nothing was taken, since the last progress. */
  readonly unread: readonly string[]
  /** Of the sources, as far as they are read. */
  readonly bytes: number
  /** The last line that was dealt with. */
  readonly at: string
}

/** Yields after each batch, and at the end of each source. */
export async function* importEvents(work: ImportWork): AsyncGenerator<ImportProgress> {
  const counts = { read: 0, stored: 0, known: 0, erased: 0 }
  let bytes = 0
  for (const source of work.sources) {
    const mistake = await source.mistake()
    if (mistake !== undefined && !work.takesDamaged) {
      yield { ...counts, refused: [], unread: [mistake], bytes, at: source.name }
      bytes += source.bytes
      continue
    }
    let refused = mistake === undefined ? [] : [`${mistake}; taken as far as it can be read`]
    let line = 0
    for await (const batch of portionsOf(recordsIn(source), BATCH, sizeOf)) {
      const { events, reasons } = sorted(batch, source.name)
      const { stored, known, erased } = await take(events, work)
      counts.read += batch.length
      counts.stored += stored
      counts.known += known
      counts.erased += erased
      line = batch.at(-1)?.line ?? line
      const at = `${source.name}:${line}`
      yield { ...counts, refused: [...refused, ...reasons], unread: [], bytes: bytes + source.bytesRead(), at }
      refused = []
    }
    bytes += source.bytes
    yield { ...counts, refused, unread: [], bytes, at: `${source.name}:${line}` }
  }
}

/** What cannot be read ends the file, and counts as a line. */
async function* recordsIn(source: ImportSource): AsyncGenerator<FileRecord> {
  let line = 0
  try {
    for await (const record of recordsOf(source.open())) {
      line = record.line
      yield record
    }
  } catch (error) {
    yield { line: line + 1, ok: false, reason: `from here on, ${(error as Error).message}` }
  }
}

/** `size`: characters. */
const BATCH = { most: 500, size: 4_000_000 }

const sizeOf = (record: FileRecord): number => (record.ok ? record.size : 0)

/** Those that can be stored, and why the others cannot. */
function sorted(batch: readonly FileRecord[], name: string) {
  const events: TrailEvent[] = []
  const reasons: string[] = []
  for (const record of batch) {
    const { accepted, refused } = record.ok
      ? validateBatch([record.event as TrailEvent], record.names)
      : { accepted: [], refused: [record] }
    events.push(...accepted)
    for (const { reason } of refused) reasons.push(`${name}:${record.line} ${reason}`)
  }
  return { events, reasons }
}

async function take(events: readonly TrailEvent[], { store, rules, aged, sift, isDryRun }: ImportWork) {
  const wanted = sift && events.length > 0 ? await sift(events) : events
  const erased = events.length - wanted.length
  if (wanted.length === 0) return { stored: 0, known: 0, erased }
  if (!isDryRun) {
    const { stored, alreadyStored } = await store.record(wanted.map(aged), rules)
    return { stored, known: alreadyStored, erased }
  }
  const known = new Set(await store.known(wanted))
  const fresh = new Set(wanted.filter(({ id }) => !known.has(id)).map(({ id }) => id))
  return { stored: fresh.size, known: wanted.length - fresh.size, erased }
}
