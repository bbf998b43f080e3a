import type { Scope } from '../flow/expression.ts'

/**
 * What an expression sees, as JSON. A text crosses to another thread at once, where a value of 1 MB would keep this one busy
 * for long. The parts of a scope are the same for all expressions of a request, so each is written once.
 */
export function createScopeWriter(): (scope: Scope) => string {
  const written = new WeakMap<object, string>()

  const write = (part: unknown): string | undefined => {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part)
    const text = written.get(part) ?? JSON.stringify(part)
    written.set(part, text)
    return text
  }
  return (scope) => {
    // What an outside API answers can be a list.
    if (Array.isArray(scope)) return JSON.stringify(scope)
    const entries = Object.entries(scope).flatMap(([name, part]) => {
      const text = write(part)
      return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`]
    })
    return `{${entries.join(',')}}`
  }
}
