import { compileFlow } from './compile.ts'
import type { Flow } from './definition.ts'
import { draftLearned, type Learned } from './learned.ts'
import type { FlowConfig } from './schema.ts'

/** The flow with what was learned of it. Undefined where config and what was learned contradict each other. */
export function learnedFlow(key: string, config: FlowConfig | undefined, learned: Learned): Flow | undefined {
  const compiled = config && compileFlow(key, config, undefined, draftLearned(learned))
  return compiled?.ok ? compiled.flow : undefined
}
