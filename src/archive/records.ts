// The events in a file: an archive, or an export as NDJSON or CSV. The first line tells which.

import { isObject, nestsDeeperThan, parseJson } from '../lib/json.ts'
import { eventOfRow, isEventRow } from '../trail/import-row.ts'
import { csvRecordsOf } from './csv-records.ts'
import { eventOfObject } from './event-line.ts'
import type { FileRecord } from './file-record.ts'
import type { Line } from './lines.ts'

export async function* recordsOf(lines: AsyncIterable<Line>): AsyncGenerator<FileRecord> {
  const iterator = lines[Symbol.asyncIterator]()
  try {
    const { value: first, done } = await iterator.next()
    if (done) return
    const head = first.text?.replace(/^\uFEFF/, '') ?? ''
    const other = NOT_EVENTS.find(({ begins }) => begins.test(head))
    const rest = { [Symbol.asyncIterator]: () => iterator }
    if (other) yield { line: 1, ok: false, reason: other.reason }
    else if (head.startsWith('event_id,')) yield* csvRecordsOf(head, rest)
    else yield* jsonRecordsOf(first, rest)
  } finally {
    await iterator.return?.()
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
  { begins: /^PAR1/, reason: 'Parquet is for other programs; export the events again with `--format ndjson`' },
] as const

async function* jsonRecordsOf(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<FileRecord> {
  yield* jsonRecord(first)
  for await (const line of rest) yield* jsonRecord(line)
}

function* jsonRecord({ number: line, text }: Line): Generator<FileRecord> {
  if (text?.trim() === '') return
  if (text !== undefined && nestsDeeperThan(DEEPEST, text))
    return yield { line, ok: false, reason: `the line nests deeper than ${DEEPEST} levels; no event does` }
  const value = text === undefined ? undefined : parseJson(text.replace(/^\uFEFF/, ''))
  if (isEventRow(value)) yield { line, ok: true, event: eventOfRow(value), size: text?.length ?? 0 }
  else if (isObject(value)) yield { line, ok: true, event: eventOfObject(value), size: text?.length ?? 0 }
  else yield { line, ok: false, reason: `${whatIs(text)}; expected one event as JSON` }
}

/** More than the store takes; what walks an event is recursive. */
const DEEPEST = 600

const whatIs = (text: string | undefined): string =>
  text === undefined
    ? 'the line is no UTF-8, or is longer than 32 MB'
    : `${JSON.stringify(text.slice(0, 60))} is no event`
