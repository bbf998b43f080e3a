// Of which type the result of a nested expression is, by Meta's "Flow JSON", nested expressions: comparisons and logic give a
// boolean, calculation a number, parts side by side a text.

/** `reference`: as the one reference that it consists of. */
export type ResultType = 'boolean' | 'number' | 'string' | 'reference' | 'unknown'

const TOKEN = /'(?:[^'\\]|\\.)*'|\$\{[^{}]*\}|&&|\|\||[=!<>]=|[!<>+\-*/%()]|[^\s'$&|=!<>+\-*/%()]+|\S/gs
const LONGEST = 10_000
const MOST_PARENTHESES = 20

/** Without white space; a text with its quotes, a reference with its braces is one. */
export const tokensOf = (expression: string): readonly string[] => expression.match(TOKEN) ?? []

/** Without the backticks. */
export function resultType(expression: string): ResultType {
  if (expression.length > LONGEST) return 'unknown'
  let tokens = tokensOf(expression)
  for (let stripped = 0; stripped < MOST_PARENTHESES; stripped++) {
    const outer = outerTokens(tokens)
    if (outer.some((token) => /^(?:&&|\|\||[=!<>]=|[!<>])$/.test(token))) return 'boolean'
    if (outer.some((token, index) => isOperand(token) && isOperand(outer[index + 1] ?? '+'))) return 'string'
    if (outer.some(isCalculation)) return 'number'
    const [only] = outer
    if (only !== GROUP) return typeOfOperand(only ?? '')
    tokens = tokens.slice(1, -1)
  }
  return 'unknown'
}

const GROUP = '(…)'

/** Those outside of all parentheses; what stands in parentheses is one token. */
function outerTokens(tokens: readonly string[]): readonly string[] {
  const outer: string[] = []
  let depth = 0
  for (const token of tokens) {
    if (token === ')') depth--
    else if (depth === 0) outer.push(token === '(' ? GROUP : token)
    if (token === '(') depth++
  }
  return outer
}

const isCalculation = (token: string): boolean => /^[+\-*/%]$/.test(token)

const isOperand = (token: string): boolean => !isCalculation(token)

function typeOfOperand(token: string): ResultType {
  if (token.startsWith("'")) return 'string'
  if (token.startsWith('${')) return 'reference'
  if (/^(?:true|false)$/.test(token)) return 'boolean'
  return /^\d+(?:\.\d+)?$/.test(token) ? 'number' : 'unknown'
}
