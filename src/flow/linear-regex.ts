// Regular expressions inside expressions, in linear time; JavaScript's can be exponential.

import { RE2JS } from 're2js'
import { TOO_LARGE } from './expression-error.ts'

/** The part of RegExp that JSONata uses: `exec` searches from `lastIndex`, and moves it behind the match. */
type RegexEngine = new (regex: RegExp) => { lastIndex: number; exec(text: string): RegExpMatchArray | null }

/** Its constructor throws if RE2 does not support the pattern. Each instance may take at most this many `steps`. */
export function createRegexEngine(steps: number): RegexEngine {
  const compiled = new Map<RegExp, RE2JS>()
  const compile = (regex: RegExp): RE2JS => {
    const flags = (regex.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (regex.multiline ? RE2JS.MULTILINE : 0)
    return compiled.getOrInsertComputed(regex, () => RE2JS.compile(regex.source, flags))
  }

  return class {
    lastIndex = 0
    readonly #pattern: RE2JS
    #stepsLeft = steps

    constructor(regex: RegExp) {
      this.#pattern = compile(regex)
    }

    exec(text: string): RegExpMatchArray | null {
      this.#stepsLeft -= stepsOf(this.#pattern, text.length - this.lastIndex)
      if (this.#stepsLeft < 0) throw { code: TOO_LARGE }
      const matcher = this.#pattern.matcher(text)
      const isFound = this.lastIndex <= text.length && matcher.find(this.lastIndex)
      this.lastIndex = isFound ? matcher.end() : 0
      if (!isFound) return null
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined)
      return Object.assign(groups as string[], { index: matcher.start() }) as RegExpMatchArray
    }
  }
}

/** An upper bound on the steps of one search. */
export const stepsOf = (pattern: RE2JS, length: number): number => pattern.programSize() * (length + 1)

/** The regular expressions in a parsed expression. */
export function regexesIn(part: unknown, seen = new Set<unknown>()): RegExp[] {
  if (part instanceof RegExp) return [part]
  if (typeof part !== 'object' || part === null || seen.has(part)) return []
  seen.add(part)
  return Object.values(part).flatMap((child) => regexesIn(child, seen))
}
