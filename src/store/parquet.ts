// The exported rows as Parquet, for column stores and notebooks. Row group by row group, so that memory stays bounded.

import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Json } from '../lib/json.ts'
import { EVENT_COLUMNS, type Row, SESSION_COLUMNS } from '../trail/export-columns.ts'
import type { ExportWhat } from './export.ts'

/** The file in chunks: the columns of the CSV, instants in UTC to the millisecond, JSON as text. Every column can be null. */
export async function* parquetOf(what: ExportWhat, pages: AsyncIterable<readonly Row[]>): AsyncGenerator<Uint8Array> {
  const columns = (what === 'sessions' ? SESSION_COLUMNS : EVENT_COLUMNS).map((name) => ({
    name,
    kind: KINDS[name] ?? TEXT,
  }))
  const schema: SchemaElement[] = [
    { name: what, num_children: columns.length },
    ...columns.map(({ name, kind }) => ({ ...kind.element, name, repetition_type: 'OPTIONAL' as const })),
  ]
  const writer = new ByteWriter()
  const file = new ParquetWriter({ writer, schema })

  const written = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }

  for await (const rows of rowGroups(pages)) {
    const columnData = columns.map(({ name, kind }) => ({
      name,
      data: rows.map((row) => (row[name] === null || row[name] === undefined ? null : kind.stored(row[name]))),
    }))
    await file.write({ columnData, rowGroupSize: rows.length })
    yield written()
  }
  await file.finish()
  yield written()
}

type Kind = {
  readonly element: Omit<SchemaElement, 'name'>
  /** Of anything but null. */
  readonly stored: (value: Json) => string | number | bigint | Date
}

const TEXT: Kind = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  stored: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
}
const COUNT: Kind = { element: { type: 'INT32' }, stored: Number }
const WHOLE: Kind = { element: { type: 'INT64' }, stored: (value) => BigInt(value as number) }
const MILLISECONDS: Kind = { element: { type: 'DOUBLE' }, stored: Number }
const INSTANT: Kind = {
  element: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  stored: (value) => new Date(String(value)),
}

/** Of those columns that are no text. */
const KINDS: { readonly [column: string]: Kind } = {
  received_at: INSTANT,
  processing_time_ms: MILLISECONDS,
  upstream_time_ms: MILLISECONDS,
  request_bytes: WHOLE,
  reply_bytes: WHOLE,
  started_at: INSTANT,
  last_at: INSTANT,
  completed_at: INSTANT,
  duration_ms: WHOLE,
  dwell_ms: MILLISECONDS,
  furthest_step: COUNT,
  events: COUNT,
  repeats: COUNT,
  rejects: COUNT,
  backs: COUNT,
  reopens: COUNT,
  client_errors: COUNT,
}

/** Many rows in a group read faster; so many fit in the memory of a small machine, however long the texts are. */
const GROUP_ROWS = 20_000
const GROUP_SIZE = 16_000_000

async function* rowGroups(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  let rows: Row[] = []
  let size = 0
  for await (const page of pages) {
    rows.push(...page)
    size += JSON.stringify(page).length
    if (rows.length < GROUP_ROWS && size < GROUP_SIZE) continue
    yield rows
    rows = []
    size = 0
  }
  if (rows.length > 0) yield rows
}
