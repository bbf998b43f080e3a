// The events in a file: an archive, or an export as NDJSON or CSV. The first line tells which.

import { isObject, nestsDeeperThan, parseJson } from '../lib/json.ts'
import { isEventRow } from '../trail/import-row.ts'
import { csvRecordsOf } from './csv-records.ts'
import { eventOfObject } from './event-line.ts'
import { type FileRecord, rowRecord } from './file-record.ts'
import { type Line, linesOf } from './lines.ts'
import { withHead } from './with-head.ts'

export async function* recordsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const { head, all } = await withHead(bytes)
  const iterator = linesOf(all)
  try {
    if (PARQUET.equals(head.subarray(0, PARQUET.length))) return yield { line: 1, ok: false, reason: NO_PARQUET }
    const { value: first, done } = await iterator.next()
    if (done) return
    const start = first.text?.replace(/^\uFEFF/, '') ?? ''
    const other = NOT_EVENTS.find(({ begins }) => begins.test(start))
    const rest = { [Symbol.asyncIterator]: () => iterator }
    if (other) yield { line: 1, ok: false, reason: other.reason }
    else if (start.startsWith('event_id,')) yield* csvRecordsOf(start, rest)
    else yield* jsonRecordsOf(first, rest)
  } finally {
    // It may not have begun to read.
    await iterator.return(undefined)
    await all.return(undefined)
  }
}

const NOT_EVENTS = [
  {
    begins: /^event_id;/,
    reason: 'a CSV for Excel has rounded times; export the events again with `--format ndjson`, or `--format csv`',
  },
  {
    begins: /^(?:session_id[,;]|\{"session_id":)/,
    reason:
      'these are sessions, which are computed from events; export the events instead: `screentrail export events`',
  },
] as const

/** What a file begins with that is Parquet. Its first line is no text. */
const PARQUET = Buffer.from('PAR1')
const NO_PARQUET = 'Parquet is for other programs; export the events again with `--format ndjson`, or `--format csv`'

async function* jsonRecordsOf(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<FileRecord> {
  yield* jsonRecord(first)
  for await (const line of rest) yield* jsonRecord(line)
}

function* jsonRecord({ number: line, text }: Line): Generator<FileRecord> {
  if (text?.trim() === '') return
  if (text !== undefined && nestsDeeperThan(DEEPEST, text))
    return yield { line, ok: false, reason: `the line nests deeper than ${DEEPEST} levels; no event does` }
  const value = text === undefined ? undefined : parseJson(text.replace(/^\uFEFF/, ''))
  if (isEventRow(value)) yield rowRecord(line, text?.length ?? 0, () => value)
  else if (isObject(value)) yield { line, ok: true, event: eventOfObject(value), size: text?.length ?? 0 }
  else yield { line, ok: false, reason: `${whatIs(text)}; expected one event as JSON` }
}

/** More than the store takes; what walks an event is recursive. */
const DEEPEST = 600

const whatIs = (text: string | undefined): string =>
  text === undefined
    ? 'the line is no UTF-8, or is longer than 32 MB'
    : `${JSON.stringify(text.slice(0, 60))} is no event`
