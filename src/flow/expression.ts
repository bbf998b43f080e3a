import { approximateSize } from '../lib/approximate-size.ts'
import type { Json } from '../lib/json.ts'
import { dataOf } from './bounded-result.ts'
import { type EvaluationPlace, MOST_HERE } from './built-in-limits.ts'
import { reasonOf } from './expression-error.ts'
import { compile, isTooMuch, RESULT } from './jsonata.ts'

/** By name, what an expression sees: `scope.ts` says what there is. */
export type Scope = { readonly [name: string]: unknown }

export type Evaluated =
  | { readonly ok: true; readonly value: Json | undefined }
  /** The expression's text and a fixed sentence; never quotes the scope. */
  | { readonly ok: false; readonly message: string }

/** Evaluates over untrusted data without blocking the thread. Never rejects. */
export type Evaluate = (expression: Expression, scope: Scope) => Promise<Evaluated>

/** A JSONata expression, or the pattern of a field, which sees the field's `value`. */
export type Expression = {
  readonly text: string
  readonly language: 'jsonata' | 're2'
  /** The flow's texts that it uses. */
  readonly texts: readonly string[]
  /** The part of the scope that it can see. */
  scopeOf(scope: Scope): Scope
  /** Never rejects. Can block the thread for over half a second: use an `Evaluate` for untrusted data. */
  evaluate(scope: Scope): Promise<Evaluated>
  /** The same within a few milliseconds; undefined if that is not enough. */
  evaluateBriefly(scope: Scope): Promise<Evaluated | undefined>
}

/** Throws a SyntaxError with the place in the text. */
export function parseExpression(text: string, watch?: () => void): Expression {
  const brief = compiled(text, 'here')
  let thorough: typeof brief | undefined
  const used = SCOPE_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(text))
  const bound = used.filter((name) => text.includes(`$${name}`) && !BUILT_IN_NAMES.has(name))

  const run = async (place: EvaluationPlace, scope: Scope): Promise<Evaluated | undefined> => {
    try {
      if (place === 'aside') thorough ??= compiled(text, 'aside', watch)
      // Always with bindings: JSONata opens a frame for this call then; without, concurrent calls would share one.
      const value: unknown = await (place === 'aside' ? thorough : brief)?.evaluate(scope, partsOf(scope, bound))
      const data = dataOf(value, RESULT[place])
      if (value !== undefined && data === undefined) return { ok: false, message: `${text}: the result is not data` }
      return { ok: true, value: data }
    } catch (error) {
      if (place === 'here' && isTooMuch(error)) return undefined
      return { ok: false, message: `${text}: ${reasonOf(error, text.length)}` }
    }
  }
  return {
    text,
    language: 'jsonata',
    texts: [...text.matchAll(/\btexts\.(\w+)/g)].map(([, name = '']) => name),
    scopeOf: (scope) => partsOf(scope, used),
    evaluate: async (scope) => (await run('aside', scope)) as Evaluated,
    evaluateBriefly: async (scope) => (approximateSize(scope, MOST_HERE) > MOST_HERE ? undefined : run('here', scope)),
  }
}

/**
 * What there is to see. In `[…]`, `{…}` and functions, a plain name means a property of the entry; there each of these is also a
 * variable, such as `$known`.
 */
export const SCOPE_NAMES = [
  'input',
  'known',
  'at',
  'vars',
  'api',
  'sent',
  'lists',
  'texts',
  'session',
  'token',
  'now',
  'today',
  'value',
  'field',
] as const

/** `$now` is a function of JSONata. */
const BUILT_IN_NAMES: ReadonlySet<string> = new Set(['now'])

/** Stands where a config is only looked at. */
export const NEVER_EVALUATED: Expression = parseExpression('null')

function partsOf(scope: Scope, names: readonly string[]): Scope {
  if (names.length === 0) return NOTHING
  const parts: { [name: string]: unknown } = {}
  for (const name of names) if (scope[name] !== undefined) parts[name] = scope[name]
  return parts
}

const NOTHING: Scope = {}

/** By JSONata's rules: an empty array or object is false. So is a failure. */
export const isTrue = (evaluated: Evaluated): boolean => evaluated.ok && truthOf(evaluated.value)

function truthOf(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(truthOf)
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

function compiled(...args: Parameters<typeof compile>): ReturnType<typeof compile> {
  try {
    return compile(...args)
  } catch (error) {
    // About the config's text, so it may be quoted.
    const { message, position } = error as { message?: unknown; position?: number }
    const reason = typeof message === 'string' ? message : String(error)
    throw new SyntaxError(`${reason}${position === undefined ? '' : ` (at character ${position})`}`)
  }
}
