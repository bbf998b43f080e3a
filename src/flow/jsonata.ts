// JSONata with limits on time, depth and size, for each of the two places.

import jsonata from 'jsonata'
import { approximateSize } from '../lib/approximate-size.ts'
import type { Bounds } from './bounded-result.ts'
import { BUILT_INS, type BuiltIn, type EvaluationPlace, MOST_ASIDE } from './built-in-limits.ts'
import { TOO_LARGE } from './expression-error.ts'
import { createRegexEngine, regexesIn } from './linear-regex.ts'

/** Milliseconds, nested calls, entries of a list, characters of a text. */
const LIMITS = {
  here: { timeout: 20, stack: 500, sequence: 10_000, text: 64 * 1024, regexSteps: 200_000 },
  aside: { timeout: 500, stack: 500, sequence: 100_000, text: MOST_ASIDE, regexSteps: Number.POSITIVE_INFINITY },
}

/** Meta accepts replies of 1 MB. */
export const RESULT: { readonly [place in EvaluationPlace]: Bounds } = {
  here: { characters: 64 * 1024, values: 10_000 },
  aside: { characters: 1024 * 1024, values: 20_000 },
}

/** Whether the expression failed for a limit of its place. */
export const isTooMuch = (error: unknown): boolean =>
  ['D1012', 'D2015', TOO_LARGE].includes((error as { code?: string } | null)?.code ?? '')

/** Throws the error of JSONata or RE2. `watch` is called at each step of an evaluation, and can throw to end it. */
export function compile(text: string, place: EvaluationPlace, watch?: () => void): jsonata.Expression {
  const limits = LIMITS[place]
  const RegexEngine = createRegexEngine(limits.regexSteps)
  // JSONata's types ask for JavaScript's constructor, but it only calls `exec` on the result.
  const options = { ...limits, RegexEngine: RegexEngine as unknown as RegExpConstructor }
  const compiled = jsonata(text, options)
  const ast = compiled.ast()
  for (const regex of regexesIn(ast)) new RegexEngine(regex)

  const operands = new Set(operandsIn(ast))
  const checkResult = (part: unknown, _input: unknown, _environment: unknown, result: unknown) => {
    watch?.()
    if (typeof result === 'string' && result.length > limits.text) throw { code: TOO_LARGE }
    if (typeof result === 'object' && operands.has(part))
      mustBeWithin(approximateSize(result, limits.text), limits.text)
  }
  assign(compiled, Symbol.for('jsonata.__evaluate_exit'), checkResult)
  const used = Object.keys(BUILT_INS).filter((name) => text.includes(`$${name}`) || text.includes('$eval'))
  if (used.length > 0) {
    const environment = environmentOf(compiled, options)
    for (const name of used) guard(compiled, name, environment.lookup(name), place)
  }
  return compiled
}

/** Checks a built-in's arguments, and the time: JSONata does not while one built-in calls another for each entry of a list. */
function guard(compiled: jsonata.Expression, name: string, definition: Definition, place: EvaluationPlace): void {
  const { size, most } = BUILT_INS[name] as BuiltIn
  const { implementation } = definition
  const guarded = function (this: Focus, ...args: unknown[]): unknown {
    this.environment?.base.guardrails()
    mustBeWithin(size(args, most[place]), most[place])
    return implementation.apply(this, args)
  }
  // JSONata reads these two when it passes a function to another, and for partial application.
  Object.defineProperty(guarded, 'length', { value: implementation.length })
  guarded.toString = () => implementation.toString()
  assign(compiled, name, { ...definition, implementation: guarded })
}

type Focus = { readonly environment?: { readonly base: { guardrails(): void } } }
type Definition = { readonly implementation: (...args: unknown[]) => unknown }

/** An expression's variables. JSONata passes them to a callback at the first step, synchronously; it checks the time before that. */
function environmentOf(compiled: jsonata.Expression, options: jsonata.JsonataOptions): jsonata.Environment {
  const { timeout = 0 } = options
  options.timeout = 0
  let found: jsonata.Environment | undefined
  const entry = Symbol.for('jsonata.__evaluate_entry')
  assign(compiled, entry, (_part: unknown, _input: unknown, environment: jsonata.Environment) => {
    found = environment
    throw new Error('seen enough')
  })
  compiled.evaluate(undefined).catch(() => {})
  assign(compiled, entry, undefined)
  options.timeout = timeout
  return found as jsonata.Environment
}

/** JSONata's callbacks have symbols as names. */
const assign = (compiled: jsonata.Expression, name: string | symbol, value: unknown): void =>
  compiled.assign(name as string, value)

function mustBeWithin(size: number, most: number): void {
  if (size > most) throw { code: TOO_LARGE }
}

/** The parts of a parsed expression whose results JSONata's operators write or compare whole. */
function operandsIn(part: unknown, seen = new Set<unknown>()): unknown[] {
  if (typeof part !== 'object' || part === null || seen.has(part)) return []
  seen.add(part)
  const { type, value, lhs, rhs } = part as jsonata.ExprNode
  const own = type === 'binary' && ['&', '=', '!='].includes(value) ? [lhs, rhs] : []
  return [...own, ...Object.values(part).flatMap((child) => operandsIn(child, seen))]
}
