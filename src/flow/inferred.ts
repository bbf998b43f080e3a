// A flow that another server answers: what its config leaves out is taken from its Flow JSON, or from what was learned.

import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { KeyPath } from './compile-field.ts'
import { type FlowConfig, type ScreenConfig, screen as screenSchema } from './schema.ts'

/** `draft`: the flow as it would stand in a config; of its screens, only fields, exchanges and ends are taken. */
export function completedBy(draft: JsonObject, config: FlowConfig) {
  const drafted = Object.entries(isObject(draft.screens) ? draft.screens : {}).map(
    ([id, screen]) => [id, whatIsSeen(isObject(screen) ? screen : {})] as const,
  )
  const inferred = Object.fromEntries(drafted)
  const declared = Object.entries(config.screens).map(([id, screen]) => [id, merged(screen, inferred[id])] as const)
  const screens = { ...inferred, ...Object.fromEntries(declared) }
  const start = config.start === '' && typeof draft.start === 'string' ? draft.start : config.start
  const funnel = config.funnel ?? (draft.funnel as FlowConfig['funnel'])
  const completed: FlowConfig = { ...config, start, screens, ...(funnel && { funnel }) }
  return {
    config: completed,
    /** Whether the config itself does not have it. */
    isInferred: ([section, screen, part, name]: KeyPath) =>
      section === 'screens' && part === 'fields' && !config.screens[String(screen)]?.fields[String(name)],
  }
}

const merged = (declared: ScreenConfig, inferred: ScreenConfig | undefined): ScreenConfig => ({
  ...inferred,
  ...declared,
  fields: { ...inferred?.fields, ...declared.fields },
  on: Object.keys(declared.on).length > 0 ? declared.on : (inferred?.on ?? {}),
})

/** Not what the screen is sent with, or what follows: the other server says that. */
function whatIsSeen({ fields, on, ends }: JsonObject): ScreenConfig {
  const parts = [
    ...entriesOf(fields).map(([name, field]) => ({ fields: { [name]: field } })),
    ...entriesOf(on).map(([name, exchange]) => ({ on: { [name]: exchange } })),
    { ends },
  ]
  // What no config could have is left out, and nothing else.
  const known = parts.filter((part) => screenSchema.safeParse(part).success)
  return screenSchema.parse({
    fields: Object.assign({}, ...known.map((part) => ('fields' in part ? part.fields : {}))),
    on: Object.assign({}, ...known.map((part) => ('on' in part ? part.on : {}))),
    ...known.find((part) => 'ends' in part),
  })
}

const entriesOf = (part: Json | undefined) => Object.entries(isObject(part) ? part : {})
