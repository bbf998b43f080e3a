// What the simulated people are like: what they enter, where they leave, how often they get things wrong.

import { z } from 'zod'
import type { Flow } from '../flow/definition.ts'
import { type Expression, parseExpression } from '../flow/expression.ts'
import type { Json } from '../lib/json.ts'

export type Profile = {
  /** What people enter, by field. A field that is not here gets anything its rules accept. */
  readonly values: ReadonlyMap<string, readonly Wish[]>
  /** What some people enter although it must be refused, by field. */
  readonly mistakes: ReadonlyMap<string, readonly UsualMistake[]>
  /** The first rule that fits decides how likely a person leaves on arriving at a screen. */
  readonly leave: readonly LeaveRule[]
  /** How likely a person, on each screen, enters something wrong, taps twice, goes back, closes the flow and opens it again. */
  readonly invalid: number
  readonly doubleTap: number
  readonly back: number
  readonly reopen: number
  /** How likely a person's phone reports, on arriving, that it could not use what it was sent. */
  readonly clientError: number
  /** Time on a screen is log-normal: half of the people take less than the median. */
  readonly pace: { readonly medianMs: number; readonly spread: number }
  readonly dataApi: '3.0' | '4.0'
  /** What the flow's tokens look like, with `{person}` for what is different in each. */
  readonly token?: string
}

export type Wish = { readonly value: Json; readonly weight: number }

export type UsualMistake = { readonly value: Json; readonly chance: number }

export type LeaveRule = {
  /** Absent: any screen. */
  readonly screen?: string
  /** Sees `inputs`, what the person has entered so far, by field, and `data`, what the screen was sent with. */
  readonly when?: Expression
  readonly chance: number
}

/** A mistake in a profile: its path, whether the key or its value is wrong, and what to do. */
export type ProfileProblem = {
  readonly path: readonly PropertyKey[]
  readonly at: 'value' | 'key'
  readonly message: string
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] }

/** Finds every mistake, including contradictions with the flow. Without content, the profile has the defaults. */
export function parseProfile(content: unknown, flow: Flow): ParsedProfile {
  const parsed = schema.safeParse(content ?? {})
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, content)) }

  const { values, mistakes, leave, double_tap, client_error, pace, data_api, token, ...chances } = parsed.data
  const problems: ProfileProblem[] = []
  const profile: Profile = {
    ...chances,
    doubleTap: double_tap,
    clientError: client_error,
    values: new Map(Object.entries(values).map(([field, wishes]) => [field, wishesOf(wishes)])),
    mistakes: new Map(Object.entries(mistakes).map(([field, chances]) => [field, mistakesOf(chances)])),
    leave: leave.map(({ screen, when, chance }, index) => ({
      ...(screen !== undefined && { screen }),
      ...(when !== undefined && parseWhen(when, ['leave', index, 'when'], problems)),
      chance,
    })),
    pace: { medianMs: pace.median * 1_000, spread: pace.spread },
    dataApi: data_api,
    ...(token !== undefined && { token }),
  }
  problems.push(...problemsWithFlow(profile, flow))
  return problems.length === 0 ? { ok: true, profile } : { ok: false, problems }
}

const SPREAD = 0.6
const A_CHANCE = { error: 'expected a chance from 0 to 1' }
const WISHES = { error: 'expected a list of values, or weights by value such as { emergency: 0.4, routine: 0.6 }' }
const A_RULE = 'expected a rule such as { screen: DATE_TIME, chance: 0.1 }'

const chance = z.number(A_CHANCE).min(0, A_CHANCE).max(1, A_CHANCE)
const weights = z
  .record(z.string(), z.number().nonnegative())
  .refine((all) => Object.values(all).some((weight) => weight > 0), WISHES)
const A_TOKEN = 'expected what a token looks like, with {person} for what is different in each, such as order-{person}'
const wishes = z.union([z.array(z.json()).min(1), weights], WISHES)
const MISTAKES = { error: 'expected chances by value, such as { "call me": 0.1 }' }
const mistakes = z.record(z.string(), chance, MISTAKES)
const leaveRule = z.strictObject({ screen: z.string().optional(), when: z.string().optional(), chance })
const pace = z.union(
  [
    z
      .number()
      .positive()
      .transform((median) => ({ median, spread: SPREAD })),
    z.strictObject({ median: z.number().positive(), spread: z.number().min(0).max(3).default(SPREAD) }),
  ],
  { error: 'expected the median seconds on a screen, such as 8 or { median: 8, spread: 0.6 }' },
)

const schema = z.strictObject({
  values: z.record(z.string(), wishes).default({}),
  leave: z.array(leaveRule).default([{ chance: 0.05 }]),
  invalid: chance.default(0.08),
  mistakes: z.record(z.string(), mistakes).default({}),
  double_tap: chance.default(0.02),
  back: chance.default(0.04),
  client_error: chance.default(0.005),
  reopen: chance.default(0.02),
  pace: pace.prefault(8),
  token: z
    .string({ error: A_TOKEN })
    .refine((text) => text.includes('{person}'), { error: A_TOKEN })
    .optional(),
  data_api: z.enum(['3.0', '4.0'], { error: 'expected "3.0" or "4.0", with the quotes' }).default('4.0'),
})

const SHAPES: { readonly [path: string]: string } = {
  '': 'expected settings such as `invalid: 0.1`',
  values: 'expected values by field, such as { service: { emergency: 0.4, routine: 0.6 } }',
  mistakes: 'expected mistakes by field, such as { phone: { "call me": 0.1 } }',
  leave: `expected a list; ${A_RULE}`,
  'leave.*': A_RULE,
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): ProfileProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(issue.path.length === 0 ? schema.shape : leaveRule.shape).join(', ')
    return issue.keys.map((key) =>
      atKey([...issue.path, key], `${key} is not a setting here; expected one of ${known}`),
    )
  }
  const shape = issue.path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.')
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as { [key: PropertyKey]: unknown } | null)?.[key],
    content,
  )
  const expected = SHAPES[shape] ?? issue.message
  return [atValue(issue.path, `${expected}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`)]
}

const atKey = (path: ProfileProblem['path'], message: string): ProfileProblem => ({ path, at: 'key', message })
const atValue = (path: ProfileProblem['path'], message: string): ProfileProblem => ({ path, at: 'value', message })

const wishesOf = (written: z.output<typeof wishes>): Wish[] =>
  Array.isArray(written)
    ? written.map((value) => ({ value, weight: 1 }))
    : Object.entries(written).map(([value, weight]) => ({ value, weight }))

const mistakesOf = (chances: z.output<typeof mistakes>): UsualMistake[] =>
  Object.entries(chances).map(([value, chance]) => ({ value, chance }))

function parseWhen(text: string, path: ProfileProblem['path'], problems: ProfileProblem[]): { when?: Expression } {
  try {
    return { when: parseExpression(text) }
  } catch (error) {
    problems.push(atValue(path, `${JSON.stringify(text)} is not a JSONata expression: ${(error as Error).message}`))
    return {}
  }
}

function problemsWithFlow(profile: Profile, flow: Flow): ProfileProblem[] {
  const fields = [...flow.screens.values()].flatMap((screen) => screen.fields)
  const names = [...new Set(fields.map(({ name }) => name))]
  const screens = [...flow.screens.keys()].join(', ')

  const unknownScreens = profile.leave.flatMap(({ screen }, index) => {
    if (screen === undefined || flow.screens.has(screen)) return []
    const message = `screen ${JSON.stringify(screen)} is not in the flow; the screens are ${screens}`
    return [atValue(['leave', index, 'screen'], message)]
  })
  const unknownFields = (['values', 'mistakes'] as const).flatMap((setting) =>
    [...profile[setting].keys()]
      .filter((name) => !names.includes(name))
      .map((name) => {
        const message = `field ${JSON.stringify(name)} is not in the flow; the fields are ${names.join(', ')}`
        return atKey([setting, name], message)
      }),
  )
  const refused = fields.flatMap(({ name, allowed }) =>
    (profile.values.get(name) ?? [])
      .flatMap(({ value }) => [value].flat())
      .filter((value) => allowed && !allowed.map(String).includes(String(value)))
      .map((value) => {
        const message = `${JSON.stringify(value)} is not a value of ${name}; it takes ${allowed?.join(', ')}`
        return atValue(['values', name], message)
      }),
  )
  return [...unknownScreens, ...unknownFields, ...refused]
}
