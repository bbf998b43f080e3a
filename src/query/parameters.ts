// The parameters that several resources take.

import { z } from 'zod'
import type { FunnelBy } from '../report/breakdown.ts'
import { isCursor } from '../report/page.ts'
import { DEFAULT_DAYS } from '../report/period.ts'
import { LONGEST_TEXT } from '../trail/event.ts'
import type { QueryParameter } from './read-query.ts'

export const parameter = <S extends z.ZodType>(schema: S, about: string, expected: string): QueryParameter<S> => ({
  schema,
  about,
  expected,
})

const LONGEST_NAME = 400

/** No flow is older than the first day; the last avoids years with five digits. */
const [EARLIEST, LATEST] = ['1970-01-01', '2999-12-31']
const day = z.iso
  .date()
  .refine((text) => EARLIEST <= text && text <= LATEST)
  .optional()
const DAY = `a day such as 2026-11-22, from ${EARLIEST} to ${LATEST}`

export const PERIOD = {
  from: parameter(day, `The first day, in server.timezone; by default, ${DEFAULT_DAYS} days end with the last.`, DAY),
  until: parameter(day, 'The last day, in server.timezone; today by default.', DAY),
}

export const VERSION = {
  version: parameter(name().optional(), 'Only sessions that began in this version of the flow.', 'a version'),
}

export const RECEIVED_VERSION = {
  version: parameter(name().optional(), 'Only requests that this version of the flow answered.', 'a version'),
}

/** Digits only: neither an empty value nor `0x10` is a number. */
export const number = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d{1,9}(\.\d{1,4})?$/.test(text) ? Number(text) : text), schema)

/** `service:emergency`: a field and a value. */
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
    'Only sessions whose last choice of a field was this one, or was among several: `field:value`.',
    'a field and a value such as service:emergency',
  ),
}

/** What a funnel is broken down by. */
export const BY = {
  by: parameter(
    name()
      .regex(/^(?:version|weekday|hour|choice:.+)$/s)
      .transform(
        (text): FunnelBy =>
          text.startsWith('choice:') ? { choice: text.slice('choice:'.length) } : (text as 'version'),
      )
      .optional(),
    'Also one funnel for each version, weekday (Monday is 1), hour (9.5 is from half past nine), or value of a choice.',
    'version, weekday, hour, or a choice such as choice:service',
  ),
}

/** Most bytes of JSON for the items of a page; the rest goes to the next page. */
export const ANSWER_PAGE_BYTES = 800_000

export const paging = (most: number) => ({
  limit: parameter(
    number(z.number().int().min(1).max(most).default(50)),
    'How many there may be on a page.',
    `a whole number from 1 to ${most}`,
  ),
  after: parameter(
    z.string().refine(isCursor).optional(),
    'Where to go on: `next` of the page before.',
    '`next` of the page before',
  ),
})

/** The name of a screen, a field, a version. */
export function name() {
  return z.string().min(1).max(LONGEST_NAME)
}
