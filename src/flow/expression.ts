import jsonata from 'jsonata'
import type { Json } from '../lib/json.ts'
import { createRegexEngine, regexesIn } from './regex.ts'

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
        const data = dataOf(value)
        if (value !== undefined && data === undefined) return { ok: false, message: `${text}: the result is not data` }
        return { ok: true, value: data }
      } catch (error) {
        return { ok: false, message: `${text}: ${withoutValues(error)}` }
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

/** What JSON can hold of a result. JSONata can also give functions, and numbers such as Infinity. */
function dataOf(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'object' || '_jsonata_function' in value || '_jsonata_lambda' in value) return undefined
  if (Array.isArray(value)) return value.map(dataOf).filter((item) => item !== undefined)
  const entries = Object.entries(value).map(([key, item]) => [key, dataOf(item)] as const)
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined))
}

/** An expression that calls itself for ever, or makes ever more, is stopped here; what any form needs is far below. */
const LIMITS = { timeout: 500, stack: 500, sequence: 100_000 }

function compile(text: string): jsonata.Expression {
  const RegexEngine = createRegexEngine()
  try {
    // JSONata's types ask for JavaScript's own constructor; it only calls `exec` on what that makes.
    const compiled = jsonata(text, { ...LIMITS, RegexEngine: RegexEngine as unknown as RegExpConstructor })
    for (const regex of regexesIn(compiled.ast())) new RegexEngine(regex)
    return compiled
  } catch (error) {
    const position = (error as { position?: number }).position
    throw new SyntaxError(`${reasonOf(error)}${position === undefined ? '' : ` (at character ${position})`}`)
  }
}

/**
 * Why an expression failed, without the values that JSONata quotes: people typed them, and what is kept of that is for the
 * field policy to say. `$error` and `$assert` can be given any text, so theirs is not repeated either.
 */
function withoutValues(error: unknown): string {
  const { code, value, value2, exp } = (error ?? {}) as { readonly [detail: string]: unknown }
  if (code === 'D3137' || code === 'D3141') return 'it raised an error of its own'
  const quoted = [value, value2, exp].map(quote).filter((text) => text !== undefined)
  return quoted.reduce((reason, text) => reason.replaceAll(text, '…'), reasonOf(error))
}

function quote(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    // A function that contains itself; JSONata could not have quoted it either.
    return undefined
  }
}

function reasonOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : String(error)
}
