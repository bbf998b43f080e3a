import type { Scope } from '../flow/expression.ts'

/**
 * Writes a scope as JSON: to pass a text to another thread is far cheaper than to clone a value. Expressions of one request share
 * the parts of their scopes, so each part is written once.
 */
export function createScopeWriter(): (scope: Scope) => string {
  const written = new WeakMap<object, string>()

  const write = (part: unknown): string | undefined =>
    typeof part === 'object' && part !== null
      ? written.getOrInsertComputed(part, () => JSON.stringify(part))
      : JSON.stringify(part)
  return (scope) => {
    const entries = Object.entries(scope).flatMap(([name, part]) => {
      const text = write(part)
      return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`]
    })
    return `{${entries.join(',')}}`
  }
}
