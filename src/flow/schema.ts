// The shape of one flow in config.yaml.

import { z } from 'zod'
import { isObject } from '../lib/json.ts'
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
/** What expressions use after a dot. */
const expressionName = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'expected letters, digits or _' })
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

/** What people see or get: fixed data in which each `{ expr: … }` stands for a result, and texts may hold `{{ … }}`. */
const template = z.json()
const text = z.string({ error: 'expected a text, which may hold expressions as {{ … }}' }).min(1)
/** What decides, or goes to an API: texts are expressions, anything else is meant as it is. */
const expressions = z.record(expressionName, z.json())

const bound = z.union([z.number(), z.string()], {
  error: 'expected a number, a date (2026-12-31), or today, today+30d, today-1d',
})
const message = z.union([z.string(), z.record(z.string(), z.string())], {
  error: 'expected a sentence, or one sentence per rule: { required: …, min: … }',
})
const check = z.union([expression, z.array(z.strictObject({ that: expression, message: z.string().optional() }))], {
  error: 'expected a JSONata expression, or a list of { that, message }',
})
const computed = z.strictObject({ expr: expression })
const options = z.array(z.union([z.string(), z.number()])).min(1)

export const field = z.strictObject({
  type: fieldType,
  required: z.union([z.boolean(), computed], { error: 'expected true, false or { expr: … }' }).default(false),
  in: z
    .union([options, z.string(), computed], { error: 'expected values, the name of a list, or { expr: … }' })
    .optional(),
  must: z.literal(true).optional(),
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
  verbatim: z.boolean().default(false),
})

/** A call of an API. */
const call = {
  /** The name of the API; by default that of the call. */
  api: z.string().optional(),
  with: z.record(z.string().min(1), z.json()).default({}),
  when: expression.optional(),
  else: template.optional(),
  /** Whether a remembered answer will not do. */
  fresh: z.union([z.literal(true), expression]).optional(),
}
const calls = z.record(expressionName, z.strictObject(call))

const branch = z
  .strictObject({
    when: expression.optional(),
    to: z.string().optional(),
    message: text.optional(),
    stay: text.optional(),
    field: name.optional(),
    complete: z.record(z.string(), template).optional(),
    close: text.optional(),
    set: expressions.optional(),
  })
  .refine((branch) => ENDS.filter((end) => branch[end] !== undefined).length === 1, {
    error: 'expected exactly one of `to`, `stay`, `complete` and `close`',
  })
const ENDS = ['to', 'stay', 'complete', 'close'] as const
const next = z.union([z.string(), z.array(branch).min(1)], {
  error: 'expected a screen, or a list of { when, to }, { when, stay }, { when, complete } or { when, close }',
})

/** What a request does. */
const steps = { do: calls.default({}), set: expressions.default({}), next: next.optional() }

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'expected the name of a header' })
const headers = z.record(headerName, secret).default({})
const address = z.string().regex(/^https?:\/\/[^\s{}]+$/, { error: 'expected an http(s) URL' })

/** A server that answers in place of the config. */
const forward = z.strictObject({
  url: address,
  timeout: duration.prefault('8s'),
  secret: secret.min(16, { error: 'expected at least 16 characters' }).optional(),
  headers,
})

export const screen = z.strictObject({
  ask: calls.default({}),
  data: z.record(z.string(), template).default({}),
  pass: z.array(z.string()).default([]),
  fields: z.record(name, field).default({}),
  on: z.record(name, z.strictObject({ when: expression, ...steps })).default({}),
  ...steps,
  complete: z.record(z.string(), template).optional(),
  ends: z.enum(['completed', 'unfinished']).optional(),
  forward: forward.optional(),
})

export const api = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^\s{}]+(\{\w+\}|[^\s{}])*$/, {
    error: 'expected an http(s) URL; parameters of its path stand in braces, as in https://example.com/shops/{shop}',
  }),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers,
  timeout: duration.prefault('2s'),
  cache: duration.prefault('0s'),
  stale: duration.prefault('0s'),
  /** The body of a good answer, for `simulate`. */
  example: z.json().optional(),
})

/** The endpoint that is there already, and stays in charge. */
const tap = z.strictObject({
  url: address,
  timeout: duration.prefault('10s'),
  compare: z.boolean().default(false),
})

/** Whether the config itself says what follows. Not where another server does, unless its answers are compared. */
export const isAnswering = (flow: { readonly forward?: unknown; readonly tap?: unknown }): boolean =>
  flow.forward === undefined && (flow.tap === undefined || (isObject(flow.tap) && flow.tap.compare === true))

/** Said beside all other mistakes of the flow. */
const neededToAnswer = (key: string, error: string) => ({
  error,
  path: [key],
  when: ({ value }: { readonly value: unknown }) => isObject(value),
})

export const flow = z
  .strictObject({
    flow_json: z.string().min(1).optional(),
    examples: z.boolean().optional(),
    forward: forward.optional(),
    tap: tap.optional(),
    start: z.string().optional(),
    open: z
      .strictObject({
        keep: z.array(expressionName).default([]),
        ask: calls.default({}),
        set: expressions.default({}),
        next: next.optional(),
      })
      .optional(),
    screens: z.record(screenId, screen).optional(),
    trigger: z
      .union([expression, z.strictObject({ expr: expression, in: options })], {
        error: 'expected a JSONata expression, or { expr: …, in: [the values it can have] }',
      })
      .optional(),
    sequence: expression.optional(),
    funnel: z
      .array(z.union([z.string(), z.array(z.string()).min(1)]))
      .min(1)
      .optional(),
    apis: z.record(expressionName, api).default({}),
    lists: z.record(expressionName, z.array(z.json()).min(1)).default({}),
    texts: z.record(expressionName, z.string()).default({}),
    messages: z.record(z.string(), z.string()).default({}),
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
  .refine((flow) => flow.start !== undefined || !isAnswering(flow), neededToAnswer('start', 'expected text'))
  .refine((flow) => flow.screens !== undefined || !isAnswering(flow), neededToAnswer('screens', 'expected a mapping'))
  .refine(({ forward, tap }) => !forward || !tap, {
    ...neededToAnswer('tap', 'expected one of `forward` and `tap`, not both'),
  })
  .transform(({ start = '', screens = {}, ...flow }) => ({ ...flow, start, screens }))

/** What a field can be refused for, in the order of the checks. */
export const RULES = ['required', 'type', 'must', 'in', 'length', 'min', 'max', 'pattern', 'check'] as const
export type Rule = (typeof RULES)[number]

export type FlowConfig = z.output<typeof flow>
export type ForwardConfig = z.output<typeof forward>
export type ScreenConfig = z.output<typeof screen>
export type FieldConfig = z.output<typeof field>
/** `secret`: what its calls are signed with. */
export type ApiConfig = z.output<typeof api> & { readonly secret?: string | undefined }
export type CallConfig = z.output<typeof calls>[string]
export type BranchConfig = z.output<typeof branch>
export type FieldType = z.output<typeof fieldType>
export type Keep = z.output<typeof keep>
