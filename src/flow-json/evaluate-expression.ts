// What a nested expression results in, as a phone works it out. By Meta's "Flow JSON", nested expressions.

import { type Json, own } from '../lib/json.ts'
import { tokensOf } from './expression-type.ts'
import type { Reference } from './flow-json.ts'
import { parseReference } from './read-value.ts'

type Value = Json | undefined
type Lookup = (reference: Reference) => Value
type Operation = (left: Value, right: Value) => Value

/** Without the backticks. Undefined where nothing comes of it, or it is no expression. */
export function evaluateExpression(expression: string, lookup: Lookup): Value {
  const tokens = tokensOf(expression)
  let at = 0
  let depth = 0

  const parts = (): Value => {
    const found = [operation(0)]
    while (at < tokens.length && tokens[at] !== ')') found.push(operation(0))
    return found.length === 1 ? found[0] : found.map(textOf).join('')
  }
  const operation = (level: number): Value => {
    const operators = LEVELS[level]
    if (!operators) return operand()
    let left = operation(level + 1)
    for (let apply = own(operators, tokens[at] ?? ''); apply; apply = own(operators, tokens[at] ?? '')) {
      at++
      left = apply(left, operation(level + 1))
    }
    return left
  }
  const operand = (): Value => {
    const token = tokens[at++] ?? ''
    if (token === '!') return !operand()
    if (token === '-') return -Number(operand())
    if (token === '(') {
      if (++depth > DEEPEST) throw new RangeError('the parentheses nest too deep')
      const inner = parts()
      at++
      depth--
      return inner
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
    if (token.startsWith('${')) {
      const reference = parseReference(token.slice(2, -1))
      return reference && lookup(reference)
    }
    if (token === 'true' || token === 'false') return token === 'true'
    return /^\d+(?:\.\d+)?$/.test(token) ? Number(token) : token
  }
  try {
    return tokens.length === 0 ? undefined : parts()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Those that bind least first. */
const LEVELS: readonly { readonly [operator: string]: Operation }[] = [
  { '||': (left, right) => Boolean(left) || Boolean(right) },
  { '&&': (left, right) => Boolean(left) && Boolean(right) },
  { '==': isSame, '!=': (left, right) => !isSame(left, right) },
  {
    '<': (left, right) => Number(left) < Number(right),
    '>': (left, right) => Number(left) > Number(right),
    '<=': (left, right) => Number(left) <= Number(right),
    '>=': (left, right) => Number(left) >= Number(right),
  },
  { '+': calculated((a, b) => a + b), '-': calculated((a, b) => a - b) },
  { '*': calculated((a, b) => a * b), '/': calculated((a, b) => a / b), '%': calculated((a, b) => a % b) },
]
const DEEPEST = 20

/** What was entered into a field for numbers is a text. */
function isSame(left: Value, right: Value): boolean {
  return left === right || (typeof left !== typeof right && textOf(left) === textOf(right))
}

function calculated(calculate: (a: number, b: number) => number): Operation {
  return (left, right) => {
    const result = calculate(Number(left), Number(right))
    return Number.isFinite(result) ? result : undefined
  }
}

const textOf = (value: Value): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
