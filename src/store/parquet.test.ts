import { afterEach, beforeEach, expect, test } from 'bun:test'
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import { type Admin, bookedTrail, lostTrail, openAdmin } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { EVENT_COLUMNS, SESSION_COLUMNS } from '../trail/export-columns.ts'
import { type ExportWhat, exportPages } from './export.ts'
import { parquetOf } from './parquet.ts'

let admin: Admin
beforeEach(async () => {
  admin = await openAdmin()
})
afterEach(() => admin.close())

const HOUR = 3_600_000

const pagesOf = (what: ExportWhat) => exportPages(admin.store, what, {}, admin.time.now, 24 * HOUR)

async function fileOf(what: ExportWhat): Promise<ArrayBuffer> {
  const chunks = await Array.fromAsync(parquetOf(what, pagesOf(what)))
  return new Uint8Array(Buffer.concat(chunks)).buffer
}

const rowsOf = async (what: ExportWhat) => (await Array.fromAsync(pagesOf(what))).flat()

test.each(['events', 'sessions'] as const)('%s have the columns and the values of the other exports', async (what) => {
  const errors = [{ code: 'invalid_field', field: 'name', message: '=1, "żółć" 🦊\n' }]
  const more = [eventOf({ token: '', input: { a: [1, null, { b: 'x' }] }, errors, trigger: 't', sequence: '7' })]
  await admin.seed([...bookedTrail('booked', START), ...lostTrail('lost', START + HOUR), ...more])
  const file = await fileOf(what)
  const columns = parquetSchema(parquetMetadata(file)).children.map(({ element }) => element.name)
  expect(columns).toEqual([...(what === 'events' ? EVENT_COLUMNS : SESSION_COLUMNS)])

  const asText = (value: unknown): unknown => {
    if (value instanceof Date) return value.toISOString()
    if (typeof value === 'bigint') return Number(value)
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  }
  const plain = (rows: readonly object[]) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)])))
  expect(plain(await parquetReadObjects({ file }))).toEqual(plain(await rowsOf(what)))
})

test('columns have types: instants, whole numbers, durations, texts', async () => {
  await admin.seed(bookedTrail('booked', START))
  const typesOf = async (what: ExportWhat) =>
    Object.fromEntries(
      parquetSchema(parquetMetadata(await fileOf(what))).children.map(({ element }) => [
        element.name,
        [element.type, element.converted_type ?? ''].join(' ').trim(),
      ]),
    )
  expect(await typesOf('events')).toMatchObject({
    received_at: 'INT64 TIMESTAMP_MILLIS',
    request_bytes: 'INT64',
    processing_time_ms: 'DOUBLE',
    input_values: 'BYTE_ARRAY UTF8',
  })
  expect(await typesOf('sessions')).toMatchObject({
    completed_at: 'INT64 TIMESTAMP_MILLIS',
    rejects: 'INT32',
    duration_ms: 'INT64',
    path: 'BYTE_ARRAY UTF8',
  })
})

test('an empty store is a file without rows', async () => {
  const file = await fileOf('events')
  expect(parquetMetadata(file).num_rows).toBe(0n)
  expect(await parquetReadObjects({ file })).toEqual([])
})

test('it comes row group by row group', async () => {
  const page = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => ({ event_id: `${from + index}`, request_bytes: index }))
  const pages = (async function* () {
    for (let number = 0; number < 45; number++) yield page(1_000, number * 1_000)
    yield [{ event_id: 'long', input_values: 'x'.repeat(17_000_000) }]
    yield page(1, 45_000)
  })()
  const chunks = await Array.fromAsync(parquetOf('events', pages))
  expect(chunks).toHaveLength(5)
  const file = new Uint8Array(Buffer.concat(chunks)).buffer
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([20_000, 20_000, 5_001, 1])
  const rows = await parquetReadObjects({ file, columns: ['event_id'] })
  expect(rows.map(({ event_id }) => event_id).slice(44_998)).toEqual(['44998', '44999', 'long', '45000'])
})
