// The shape of one flow in config.yaml.

import { z } from 'zod'
import { DURATION, parseDuration } from '../lib/units.ts'

export const duration = z
  .string()
  .regex(DURATION, { error: 'expected a duration such as 800ms, 15s, 10m, 24h or 60d' })
  .transform((text) => parseDuration(text) as number)

/** One line of text. White space around it comes from a file or an editor. */
export const secret = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, {
    error: 'expected one line, without characters that cannot be seen',
  })

const expression = z.string().min(1, { error: 'expected a JSONata expression' })
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, { error: 'expected letters, digits, _ or -' })
const screenId = z
  .string()
  .regex(/^[A-Za-z_]+$/, { error: 'expected letters and underscores only, as Meta requires of a screen id' })
  .refine((id) => id !== 'SUCCESS', { error: 'SUCCESS is reserved by Meta; use `complete` to end the flow' })

/** How a submitted value is kept: itself, its length, a keyed hash, its last four characters, or not at all. */
export const keep = z.enum(['keep', 'length', 'hash', 'mask', 'drop'])
export const fieldType = z.enum([
  'text',
  'phone',
  'email',
  'number',
  'boolean',
  'date',
  'date_range',
  'choice',
  'choices',
  'files',
])

const bound = z.union([z.number(), z.string()], {
  error: 'expected a number, a date (2026-12-31), or today, today+30d, today-1d',
})
const message = z.union([z.string(), z.record(z.string(), z.string())], {
  error: 'expected a sentence, or one sentence per rule: { required: …, min: … }',
})
const check = z.union([expression, z.array(z.strictObject({ that: expression, message: z.string().optional() }))], {
  error: 'expected a JSONata expression, or a list of { that, message }',
})

export const field = z.strictObject({
  type: fieldType,
  required: z.boolean().default(false),
  in: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  pattern: z.string().optional(),
  min: bound.optional(),
  max: bound.optional(),
  length: z
    .union([
      z.int().nonnegative(),
      z.strictObject({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() }),
    ])
    .optional(),
  check: check.optional(),
  message: message.optional(),
  keep: keep.optional(),
  hash_after: duration.optional(),
})

const branch = z.strictObject({ when: expression.optional(), to: z.string() })

export const screen = z.strictObject({
  data: z.record(z.string(), z.json()).default({}),
  fields: z.record(name, field).default({}),
  next: z
    .union([z.string(), z.array(branch).min(1)], { error: 'expected a screen, or a list of { when, to }' })
    .optional(),
  complete: z.record(z.string(), z.json()).optional(),
})

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'expected the name of a header' })

export const source = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' }),
  method: z.enum(['GET', 'POST']).default('GET'),
  headers: z.record(headerName, secret).default({}),
  timeout: duration.prefault('2s'),
  cache: duration.prefault('0s'),
  stale: duration.prefault('0s'),
  map: expression.optional(),
  fallback: z.json(),
})

export const flow = z.strictObject({
  start: z.string(),
  screens: z.record(screenId, screen),
  trigger: z
    .union([expression, z.strictObject({ expr: expression, in: z.array(z.union([z.string(), z.number()])).min(1) })], {
      error: 'expected a JSONata expression, or { expr: …, in: [the values it can have] }',
    })
    .optional(),
  sequence: expression.optional(),
  funnel: z
    .array(z.union([z.string(), z.array(z.string()).min(1)]))
    .min(1)
    .optional(),
  sources: z.record(name, source).default({}),
  tokens: z
    .strictObject({
      accept: expression.optional(),
      expired_message: z.string().default('This form is no longer available.'),
      keep: z.enum(['keep', 'hash']).optional(),
    })
    .refine(({ accept, keep }) => accept !== undefined || keep !== undefined, {
      error: 'expected `accept`, `keep` or both',
    })
    .optional(),
  failure_message: z.string().default('Something went wrong on our side. Please try again.'),
})

/** What a field can be refused for, in the order of the checks. */
export const RULES = ['required', 'type', 'in', 'length', 'min', 'max', 'pattern', 'check'] as const
export type Rule = (typeof RULES)[number]

export type FlowConfig = z.output<typeof flow>
export type ScreenConfig = z.output<typeof screen>
export type FieldConfig = z.output<typeof field>
export type SourceConfig = z.output<typeof source>
export type FieldType = z.output<typeof fieldType>
export type Keep = z.output<typeof keep>
