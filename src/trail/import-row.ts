// An exported row of an event, back into the event.

import { sha256 } from '../lib/ids.ts'
import { canonical, isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { TrailError, TrailEvent } from './event.ts'

/** Where a row has each field of an event: the columns of `export-columns.ts`. */
export const COLUMN_OF: Readonly<Record<keyof TrailEvent, string>> = {
  id: 'event_id',
  flow: 'flow',
  version: 'flow_version',
  token: 'flow_token',
  at: 'received_at',
  action: 'action',
  screen: 'screen_name',
  next: 'next_screen',
  outcome: 'outcome',
  trigger: 'trigger',
  sequence: 'sequence',
  input: 'input_values',
  fingerprint: 'fingerprint',
  errors: 'errors',
  processingMs: 'processing_time_ms',
  upstreamMs: 'upstream_time_ms',
  requestBytes: 'request_bytes',
  replyBytes: 'reply_bytes',
}
const COLUMNS = Object.entries(COLUMN_OF)

/**
 * What an event has, unchecked. Columns are absent or null for nothing. Throws a clause for people when the instant is a text that is
 * none.
 */
export function eventOfRow(row: JsonObject): { readonly [field: string]: unknown } {
  const input = row.input_values ?? {}
  const { trigger, sequence, ...same } = Object.fromEntries(COLUMNS.map(([field, column]) => [field, row[column]]))
  return {
    ...same,
    at: instantOf(row.received_at),
    ...given('trigger', trigger),
    ...given('sequence', sequence),
    input,
    fingerprint: row.fingerprint ?? fingerprintOf(input),
    errors: row.errors ?? errorsIn(row),
  }
}

/** Archives have the fields of an event instead. */
export const isEventRow = (value: Json | undefined): value is JsonObject => isObject(value) && !('id' in value)

function instantOf(cell: Json | undefined): Json | undefined {
  if (typeof cell !== 'string') return cell
  const at = Date.parse(cell)
  if (!Number.isNaN(at)) return at
  throw new Error(
    `received_at is ${JSON.stringify(cell.slice(0, 60))}; expected an instant such as 2026-03-02T09:00:00.000Z`,
  )
}

/** The row of a CSV. Throws a clause for people when a cell is not what its column has. */
export function rowOfCells(cells: { readonly [column: string]: string }): JsonObject {
  return Object.fromEntries(Object.entries(cells).map(([column, cell]) => [column, cellValue(column, cell)]))
}

const given = (name: string, value: Json | undefined) =>
  value === undefined || value === null ? {} : { [name]: value }

/** Exports before November 29 have none. Equal kept values stand for equal submissions, as a second tap has. */
const fingerprintOf = (input: Json): string => sha256(canonical(input)).slice(0, 22)

/** Exports before November 29 have no list of them, only the texts of all in one cell for each column. */
function errorsIn(row: JsonObject): readonly TrailError[] {
  const codes = partsOf(row.error_code)
  const [fields, rules, messages] = [row.error_field, row.error_rule, row.error_message].map((cell) =>
    codes.length === 1 ? [cell] : partsOf(cell, codes.length),
  ) as [Part[], Part[], Part[]]
  return codes.map((code, index) => ({
    code,
    ...given('field', fields[index] || null),
    ...given('rule', rules[index] || null),
    ...given('message', messages[index] || null),
  })) as TrailError[]
}

type Part = Json | undefined

/** Where a text within has the separator, too, which part is whose cannot be told: then there are none. */
function partsOf(cell: Json | undefined, count?: number): Part[] {
  const parts = typeof cell === 'string' && cell !== '' ? cell.split('; ') : []
  return count === undefined || parts.length === count ? parts : []
}

/** Columns of a CSV whose cells are numbers, and those whose cells are JSON. */
const NUMBERS = ['processing_time_ms', 'upstream_time_ms', 'request_bytes', 'reply_bytes'] as const
const JSON_CELLS = ['input_values', 'errors'] as const
/** An empty cell is the empty text there, and nothing elsewhere. */
const TEXTS = ['event_id', 'flow_token', 'flow', 'flow_version', 'screen_name', 'next_screen', 'fingerprint'] as const

function cellValue(column: string, cell: string): Json {
  const isOneOf = (columns: readonly string[]) => columns.includes(column)
  if (cell === '') return isOneOf(TEXTS) ? '' : null
  if (isOneOf(NUMBERS)) return Number.isNaN(Number(cell)) ? cell : Number(cell)
  if (!isOneOf(JSON_CELLS)) return cell
  try {
    return JSON.parse(cell) as Json
  } catch {
    throw new Error(`${column} is ${JSON.stringify(cell.slice(0, 60))}; expected JSON`)
  }
}
