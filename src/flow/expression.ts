import { approximateSize } from '../lib/approximate-size.ts'
import type { Json } from '../lib/json.ts'
import { dataOf } from './bounded-result.ts'
import { type EvaluationPlace, MOST_HERE } from './built-in-limits.ts'
import { reasonOf } from './expression-error.ts'
import { compile, isTooMuch, RESULT } from './jsonata.ts'

/** What an expression can see. `input`: this request's data · `session`: what this session said before. */
export type Scope = { readonly [name: string]: unknown }

export type Evaluated =
  | { readonly ok: true; readonly value: Json | undefined }
  /** The expression's text and a fixed sentence: nothing of what it was evaluated over. */
  | { readonly ok: false; readonly message: string }

/** Evaluates over what clients and outside APIs send, without holding up anybody else. Never rejects. */
export type Evaluate = (expression: Expression, scope: Scope) => Promise<Evaluated>

/** A parsed JSONata expression, or the pattern of a field, which is evaluated over its `value`. */
export type Expression = {
  readonly text: string
  readonly language: 'jsonata' | 're2'
  /**
   * Never rejects: input of the wrong kind makes an expression fail, and that is the author's to see, not the user's. It can
   * keep the thread busy for half a second and more, so what others sent goes through an `Evaluate`.
   */
  evaluate(scope: Scope): Promise<Evaluated>
  /** The same in a few milliseconds; undefined where that is not enough. */
  evaluateBriefly(scope: Scope): Promise<Evaluated | undefined>
}

/** Throws a SyntaxError that says what JSONata found and where in the text. */
export function parseExpression(text: string, watch?: () => void): Expression {
  const brief = compiled(text, 'here')
  let thorough: typeof brief | undefined

  const run = async (place: EvaluationPlace, scope: Scope): Promise<Evaluated | undefined> => {
    try {
      if (place === 'aside') thorough ??= compiled(text, 'aside', watch)
      // Bindings make JSONata open a frame of its own for this call; without them concurrent calls would share one.
      const value: unknown = await (place === 'aside' ? thorough : brief)?.evaluate(scope, {})
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
    evaluate: async (scope) => (await run('aside', scope)) as Evaluated,
    evaluateBriefly: async (scope) => (approximateSize(scope, MOST_HERE) > MOST_HERE ? undefined : run('here', scope)),
  }
}

/** Whether the result counts as true, by JSONata's own rules (an empty array or object is not). A failure is not true. */
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
    // Of the config's own text, so it may be quoted.
    const { message, position } = error as { message?: unknown; position?: number }
    const reason = typeof message === 'string' ? message : String(error)
    throw new SyntaxError(`${reason}${position === undefined ? '' : ` (at character ${position})`}`)
  }
}
