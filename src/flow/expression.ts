import jsonata from 'jsonata'
import type { Json } from '../lib/json.ts'

/** What an expression can see. `input`: this request's data · `session`: what this session said before. */
export type Scope = { readonly [name: string]: unknown }

export type Evaluated =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly message: string }

/** A parsed JSONata expression. */
export type Expression = {
  readonly text: string
  /** Never rejects: input of the wrong kind makes an expression fail, and that is the author's to see, not the user's. */
  evaluate(scope: Scope): Promise<Evaluated>
}

/** Throws a SyntaxError that says what JSONata found and where in the text. */
export function parseExpression(text: string): Expression {
  const compiled = compile(text)
  return {
    text,
    async evaluate(scope) {
      try {
        // Bindings make JSONata open a frame of its own for this call; without them concurrent calls would share one.
        const value: unknown = await compiled.evaluate(scope, {})
        return { ok: true, value: value as Json | undefined }
      } catch (error) {
        return { ok: false, message: `${text}: ${reasonOf(error)}` }
      }
    },
  }
}

/** Whether the result counts as true, by JSONata's own rules (an empty array or object is not). A failure is not true. */
export const isTrue = (evaluated: Evaluated): boolean => evaluated.ok && truthOf(evaluated.value)

function truthOf(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(truthOf)
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

function compile(text: string): jsonata.Expression {
  try {
    return jsonata(text)
  } catch (error) {
    const position = (error as { position?: number }).position
    throw new SyntaxError(`${reasonOf(error)}${position === undefined ? '' : ` (at character ${position})`}`)
  }
}

function reasonOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : String(error)
}
