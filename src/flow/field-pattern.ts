// The pattern of a field. RE2 runs in linear time, so that no input can block a thread.

import { RE2JS } from 're2js'
import { approximateSize } from '../lib/approximate-size.ts'
import { MOST_HERE } from './built-in-limits.ts'
import type { Expression } from './expression.ts'
import { stepsOf } from './linear-regex.ts'

export type Pattern = Expression & {
  matches(text: string): boolean
  /** Whether it matches anywhere in the text. */
  isIn(text: string): boolean
}

/** About 5 ms; a pattern that counts to 1,000 can take a second on the longest text. */
const STEPS_HERE = 200_000

/** Throws RE2's error. */
export function parsePattern(text: string): Pattern {
  const re2 = RE2JS.compile(text)
  const evaluate: Expression['evaluate'] = async ({ value }) => ({
    ok: true,
    value: typeof value === 'string' && re2.matches(value),
  })
  return {
    text,
    language: 're2',
    texts: [],
    scopeOf: ({ value }) => ({ value }),
    evaluate,
    async evaluateBriefly(scope) {
      const length = approximateSize(scope.value, MOST_HERE)
      return stepsOf(re2, length) > STEPS_HERE ? undefined : evaluate(scope)
    },
    matches: (value) => re2.matches(value),
    isIn: (value) => re2.matcher(value).find(),
  }
}
