// Flows for tests, written as in config.yaml.

import { parse } from 'yaml'
import { type Compiled, compileFlow } from '../src/flow/compile.ts'
import type { Flow } from '../src/flow/definition.ts'
import { flow as schema } from '../src/flow/schema.ts'

/** The flow that `flows.test` is in a config; throws what is wrong with it. */
export function flowOf(yaml: string): Flow {
  const compiled = compile(yaml)
  if (!compiled.ok)
    throw new Error(compiled.problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  return compiled.flow
}

/** What compiling finds wrong, as `path: sentence`. */
export function problemsOf(yaml: string): string[] {
  const compiled = compile(yaml)
  return compiled.ok ? [] : compiled.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const compile = (yaml: string): Compiled => compileFlow('test', schema.parse(parse(yaml)))
