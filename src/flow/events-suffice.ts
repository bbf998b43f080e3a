// Whether an answer of the flow depends on nothing but what the stored events of its session keep.

import { rootPaths } from './check-names.ts'
import type { KeyPath } from './compile-field.ts'
import { submissionsIn } from './config-places.ts'
import type { Flow } from './definition.ts'
import type { Expression } from './expression.ts'
import type { FlowConfig } from './schema.ts'

/**
 * Then nothing else has to be kept for a restart: a flow without variables, without calls that happen once, without a server that is told what was said, and whose expressions use
 * only values that the field policy keeps whole. `parsed`: all expressions of the flow, where they stand.
 */
export function eventsSuffice(
  config: FlowConfig,
  fields: Flow['fields'],
  parsed: readonly { readonly path: KeyPath; readonly expression: Expression }[],
): boolean {
  const steps = submissionsIn(config).map(([, each]) => each)
  if (config.forward || Object.values(config.screens).some(({ forward }) => forward)) return false
  if (config.open || steps.some(({ do: calls, set }) => !isEmpty(calls) || !isEmpty(set))) return false
  return parsed.every(({ path, expression }) =>
    rootPaths(expression.text).every((names) => isRecalled(names, path, fields)),
  )
}

const isEmpty = (part: object): boolean => Object.keys(part).length === 0

function isRecalled([root = '', name]: readonly string[], path: KeyPath, fields: Flow['fields']): boolean {
  if (root === 'known') return name !== undefined && isKeptWhole(name, fields)
  // On a screen that is sent again there is no input, and what it was sent with stands for the result.
  if (root === 'input' || root === 'api') return !(path[0] === 'screens' && /^(data|ask|pass)$/.test(String(path[2])))
  return !/^(at|vars|sent|texts)?$/.test(root)
}

/** By every screen that has a field of the name. */
function isKeptWhole(name: string, fields: Flow['fields']): boolean {
  const all = fields.get(name) ?? []
  return (
    all.length > 0 &&
    all.every(({ config, allowed }) => {
      if (config.keep !== undefined && config.keep !== 'keep') return false
      if (config.hash_after !== undefined) return false
      return (
        config.type === 'boolean' || config.type === 'date' || (/^choices?$/.test(config.type) && allowed !== undefined)
      )
    })
  )
}
