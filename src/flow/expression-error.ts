// Explains why an expression failed. JSONata's own messages quote values, which are what people typed; these are fixed by the error
// code.

import { BUILT_INS } from './built-in-limits.ts'

/** Our own code: the arguments or the result of a built-in are too large. */
export const TOO_LARGE = 'TOO_LARGE'

type ExpressionError = { readonly [key in 'code' | 'position' | 'token' | 'index']?: unknown }

/** A sentence, with the place in the expression if known. */
export function reasonOf(error: unknown, textLength: number): string {
  const { code, position, token, index } = (error ?? {}) as ExpressionError
  const sentence = (typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined) ?? UNKNOWN
  const place =
    typeof position === 'number' && position > 0 && position <= textLength ? ` (at character ${position})` : ''
  const filled = sentence
    .replace('{token}', nameOf(token))
    .replace('{index}', Number.isInteger(index) ? `${index}` : 'An')
  return `${filled}${place}`
}

/** Quotes only names of the language: the argument of `$eval` can contain any name. */
function nameOf(token: unknown): string {
  if (typeof token !== 'string') return 'this'
  if (Object.hasOwn(BUILT_INS, token)) return `$${token}`
  return OPERATORS.includes(token) ? `"${token}"` : 'this'
}

const OPERATORS = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', '..', 'in', 'and', 'or', '~>']

const UNKNOWN = 'It failed inside JSONata'

const SENTENCES: { readonly [code: string]: string } = {
  [TOO_LARGE]: 'What it works on, or makes, is too large',
  T0410: 'Argument {index} of {token} is not of the kind that the function takes',
  T0411: 'What {token} finds in place of argument {index} is not of the kind that the function takes',
  T0412: 'Argument {index} of {token} is not a list of what the function takes',
  D1001: 'A number is out of range',
  D1002: 'Cannot negate a non-numeric value',
  T1003: 'The name of a property is not a text',
  D1004: 'A regular expression matches the empty text',
  T1005: 'What is called is not a function; did you forget its $?',
  T1006: 'What is called is not a function',
  T1007: 'What is called is not a function; did you forget its $?',
  T1008: 'What is called is not a function',
  D1009: 'Two properties of an object have the same name',
  T1010: 'The matching function given to {token} does not give a match',
  D1011: 'It calls itself without an end',
  D1012: 'It takes too long',
  D1013: 'The name of a property begins with _jsonata_, which is reserved',
  T2001: 'The left side of the {token} operator is not a number',
  T2002: 'The right side of the {token} operator is not a number',
  T2003: 'The left side of the range operator (..) is not a whole number',
  T2004: 'The right side of the range operator (..) is not a whole number',
  T2006: 'The right side of the ~> operator is not a function',
  T2007: 'Values to be ordered are not of the same type',
  T2008: 'Values to be ordered are neither numbers nor texts',
  T2009: 'The values on either side of the {token} operator are not of the same type',
  T2010: 'The values on either side of the {token} operator are neither numbers nor texts',
  T2011: 'The update of a transformation is not an object',
  T2012: 'The deletion of a transformation is not a text or a list of texts',
  T2013: 'A transformation copies with $clone, and the expression makes a variable of that name that is no function',
  D2014: 'A range is too long',
  D2015: 'A list gets too long',
  D3001: 'A number without an end cannot be written as text',
  D3010: 'The second argument of $replace is empty',
  D3011: 'The fourth argument of $replace is negative',
  D3012: 'What $replace is to put in is not a text',
  D3020: 'The third argument of $split is negative',
  D3030: 'Unable to read a value as a number',
  D3040: 'The third argument of $match is negative',
  D3050: 'The second argument of $reduce is not a function of two arguments',
  D3060: '$sqrt has no result for a negative number',
  D3061: 'The result of $power is not a number that can be written',
  D3070: '$sort without a function orders only numbers, or only texts',
  D3100: 'The radix of $formatBase is not between 2 and 36',
  D3110: 'The argument of $toMillis is not an ISO 8601 time',
  D3120: 'The text given to $eval is not an expression',
  D3121: 'The expression given to $eval failed',
  D3130: 'A picture begins a sequence that is not supported',
  D3131: 'A picture mixes digits of different families',
  D3132: 'A picture has a component that is not known',
  D3133: 'A picture asks for a name where there is none',
  D3134: 'A picture gives a time zone more than four digits',
  D3135: 'A picture has a [ without its ]',
  D3136: 'A picture lacks a part that is needed to read a time',
  D3137: 'It raised an error of its own',
  D3138: '$single found more than one',
  D3139: '$single found none',
  D3140: 'The argument of {token} is not a well-formed URL',
  D3141: 'It raised an error of its own',
  ...Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`D${3080 + index}`, 'The picture given to $formatNumber is not right']),
  ),
}
