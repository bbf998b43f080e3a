// One spelling for what people type, before it is validated, becomes a pseudonym or goes to an API.

import { dayOf } from '../lib/days.ts'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { LONGEST_NORMALISED, normalForm, plainForm } from '../lib/text.ts'
import type { Field, Flow } from './definition.ts'
import type { FieldType } from './schema.ts'

/** UTF-16 units of all texts of a request, printable ASCII not counted. No form has more; what is beyond it stays as it was sent. */
const MOST_NORMALISED = 4 * LONGEST_NORMALISED

/** How many more may be normalised. */
type Room = { units: number }

/** Of `verbatim` fields nothing is changed: in a password every character counts. */
export function normaliseInput(input: JsonObject, flow: Flow, screen: string, timezone: string): JsonObject {
  const here = new Map(flow.screens.get(screen)?.fields.map((field) => [field.name, field]))
  const room: Room = { units: MOST_NORMALISED }
  let isChanged = false
  const entries = Object.entries(input).map(([name, value]): [string, Json] => {
    const fields: readonly Field[] = here.has(name) ? [here.get(name) as Field] : (flow.fields.get(name) ?? [])
    if (fields.some(({ config }) => config.verbatim)) return [name, value]
    const normalised = normaliseValue(value, fields[0]?.config.type, timezone, room)
    isChanged ||= normalised !== value
    return [name, normalised]
  })
  return isChanged ? Object.fromEntries(entries) : input
}

/** The value itself if there is nothing to change. */
export function normaliseValue(
  value: Json,
  type: FieldType | undefined,
  timezone: string,
  room: Room = { units: MOST_NORMALISED },
): Json {
  if (typeof value === 'string') return normaliseText(value, type, timezone, room)
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => normaliseValue(item, type, timezone, room))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, normaliseValue(item, type, timezone, room)] as const)
  return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value
}

/** Printable ASCII without white space at its ends needs nothing, unless its type does. */
const PLAIN = /^(?:[!-~](?:[ -~]*[!-~])?)?$/

function normaliseText(text: string, type: FieldType | undefined, timezone: string, room: Room): string {
  const clean = PLAIN.test(text) ? text : cleaned(text, type, room)
  if (type === 'number') return withPoint(clean)
  if ((type === 'date' || type === 'date_range') && /^\d{10,14}$/.test(clean)) return dayOf(Number(clean), timezone)
  return clean
}

function cleaned(text: string, type: FieldType | undefined, room: Room): string {
  if (text.length > room.units) return text
  room.units -= text.length
  const isProse = (type === undefined || type === 'text') && /\p{L}|\p{S}/u.test(text)
  return isProse ? normalForm('NFC', text).replace(INVISIBLE_IN_PROSE, '').trim() : plainForm(text)
}

/** Without the joiners, which change how letters and emoji look. */
const INVISIBLE_IN_PROSE = /(?![\u200c\u200d])\p{Cf}/gu

/** `12,50` is 12.50; `1,234` may be a thousand, and stays as it was typed. */
const withPoint = (text: string): string => (/^[+-]?\d+,(?:\d{1,2}|\d{4,})$/.test(text) ? text.replace(',', '.') : text)
