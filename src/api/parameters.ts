// The parameters that several resources take.

import { z } from 'zod'
import { DEFAULT_DAYS } from '../report/period.ts'
import { readCursor } from '../store/cursor.ts'
import { LONGEST_TEXT } from '../trail/event.ts'
import type { QueryParameter } from './read-query.ts'

export const parameter = <S extends z.ZodType>(schema: S, about: string, expected: string): QueryParameter<S> => ({
  schema,
  about,
  expected,
})

const LONGEST_NAME = 400

/** Flows are younger than the first, and days that are written with four digits end well after the last. */
const [EARLIEST, LATEST] = ['1970-01-01', '2999-12-31']
const day = z.iso
  .date()
  .refine((text) => EARLIEST <= text && text <= LATEST)
  .optional()
const DAY = `a day such as 2026-11-22, from ${EARLIEST} to ${LATEST}`

export const PERIOD = {
  from: parameter(day, `The first day, in server.timezone; ${DEFAULT_DAYS} days before the last by default.`, DAY),
  until: parameter(day, 'The last day, in server.timezone; today by default.', DAY),
}

export const VERSION = {
  version: parameter(name().optional(), 'Only sessions that began in this version of the flow.', 'a version'),
}

export const RECEIVED_VERSION = {
  version: parameter(name().optional(), 'Only requests that this version of the flow answered.', 'a version'),
}

/** Digits alone: an empty value must not be taken for 0, nor `0x10` for 16. */
export const number = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d{1,9}(\.\d{1,4})?$/.test(text) ? Number(text) : text), schema)

/** `service:emergency`, to its two halves. */
export const choice = z
  .string()
  .max(LONGEST_NAME + 1 + LONGEST_TEXT)
  .regex(/^[^:]+:.*$/s)
  .transform((text) => {
    const colon = text.indexOf(':')
    return { field: text.slice(0, colon), value: text.slice(colon + 1) }
  })

export const CHOICE = {
  choice: parameter(
    choice.optional(),
    'Only sessions whose last choice of a field was this one: `field:value`.',
    'a field and a value such as service:emergency',
  ),
}

/** What is on a page takes no more bytes, as JSON; what is left goes to the next. */
export const PAGE_BYTES = 800_000

export const paging = (most: number) => ({
  limit: parameter(
    number(z.number().int().min(1).max(most).default(50)),
    'How many there may be on a page.',
    `a whole number from 1 to ${most}`,
  ),
  after: parameter(
    z
      .string()
      .refine((text) => readCursor(text) !== undefined)
      .optional(),
    'Where to go on: `next` of the page before.',
    '`next` of the page before',
  ),
})

/** Of a screen, a field, a version. */
export function name() {
  return z.string().min(1).max(LONGEST_NAME)
}
