// An exported row of an event, back into the event.

import { sha256 } from '../lib/ids.ts'
import { canonical, isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { TrailError } from './event.ts'

/** What an event has, unchecked. `row`: by the columns of `export-columns.ts`, absent or null for nothing. */
export function eventOfRow(row: JsonObject): { readonly [field: string]: unknown } {
  const input = row.input_values ?? {}
  return {
    id: row.event_id,
    flow: row.flow,
    version: row.flow_version,
    token: row.flow_token,
    at: typeof row.received_at === 'string' ? Date.parse(row.received_at) : row.received_at,
    action: row.action,
    screen: row.screen_name,
    next: row.next_screen,
    outcome: row.outcome,
    ...given('trigger', row.trigger),
    ...given('sequence', row.sequence),
    input,
    fingerprint: row.fingerprint ?? fingerprintOf(input),
    errors: row.errors ?? errorsIn(row),
    processingMs: row.processing_time_ms,
    upstreamMs: row.upstream_time_ms,
    requestBytes: row.request_bytes,
    replyBytes: row.reply_bytes,
  }
}

export const isEventRow = (value: Json | undefined): value is JsonObject => isObject(value) && 'event_id' in value

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
  if (isOneOf(NUMBERS)) return Number(cell)
  if (!isOneOf(JSON_CELLS)) return cell
  try {
    return JSON.parse(cell) as Json
  } catch {
    throw new Error(`${column} is ${JSON.stringify(cell.slice(0, 60))}; expected JSON`)
  }
}
