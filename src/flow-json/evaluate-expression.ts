// What a nested expression results in, as a phone works it out. By Meta's "Flow JSON", nested expressions.

import type { Json } from '../lib/json.ts'
import { tokensOf } from './expression-type.ts'
import type { Reference } from './flow-json.ts'
import { parseReference } from './read-value.ts'

type Value = Json | undefined
type Lookup = (reference: Reference) => Value

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
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++] as string
      left = applied(operator, left, operation(level + 1))
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
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]
const DEEPEST = 20

function applied(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '||':
      return Boolean(left) || Boolean(right)
    case '&&':
      return Boolean(left) && Boolean(right)
    case '==':
      return isSame(left, right)
    case '!=':
      return !isSame(left, right)
    case '<':
      return Number(left) < Number(right)
    case '>':
      return Number(left) > Number(right)
    case '<=':
      return Number(left) <= Number(right)
    case '>=':
      return Number(left) >= Number(right)
    default:
      return calculated(operator, Number(left), Number(right))
  }
}

/** What was entered into a field for numbers is a text. */
const isSame = (left: Value, right: Value): boolean =>
  left === right || (typeof left !== typeof right && textOf(left) === textOf(right))

function calculated(operator: string, left: number, right: number): Value {
  const result =
    { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[operator] ?? left % right
  return Number.isFinite(result) ? result : undefined
}

const textOf = (value: Value): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
