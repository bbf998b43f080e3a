// Compiles one field of a screen, and checks that its rules suit its type and leave room for a value.

import type { Json } from '../lib/json.ts'
import { didYouMean } from '../lib/suggest.ts'
import { ruleMistakes } from './check-field-rules.ts'
import type { Field } from './definition.ts'
import type { Expression } from './expression.ts'
import { type Pattern, parsePattern } from './field-pattern.ts'
import { optionsIn } from './options.ts'
import { type FieldConfig, RULES } from './schema.ts'
import { compileTemplate, type Template } from './template.ts'

/** Keys from the flow downwards. */
export type KeyPath = readonly (string | number)[]
/** At a value, or at its key. */
export type FlowProblem = { readonly path: KeyPath; readonly at?: 'key' | 'value'; readonly message: string }
export type ReportProblem = (path: KeyPath, message: string) => void
/** What goes wrong for certain, and what may be meant. */
export type Reporters = { readonly mistake: ReportProblem; readonly odd: ReportProblem }
export type Parse = (path: KeyPath, text: string) => Expression
export type CompileTools = { readonly report: ReportProblem; readonly expression: Parse }
type FieldTools = CompileTools & {
  readonly lists: { readonly [name: string]: readonly Json[] }
  readonly isInferred: (path: KeyPath) => boolean
}

export function compileField(name: string, config: FieldConfig, path: KeyPath, tools: FieldTools): Field {
  const { report, expression, isInferred } = tools
  const { check = [], message, pattern, required } = config
  const allowing = compileAllowed(config.in, [...path, 'in'], tools)
  for (const { key, message } of ruleMistakes({ config, ...allowing })) report([...path, key], message)
  return {
    name,
    config,
    isInferred: isInferred(path),
    required: typeof required === 'object' ? expression([...path, 'required', 'expr'], required.expr) : required,
    ...allowing,
    ...(pattern !== undefined && compilePattern(pattern, [...path, 'pattern'], report)),
    checks:
      typeof check === 'string'
        ? [{ that: expression([...path, 'check'], check) }]
        : check.map(({ that, message }, index) => ({
            that: expression([...path, 'check', index, 'that'], that),
            ...(message !== undefined && { message: sentence(message, [...path, 'check', index, 'message'], tools) }),
          })),
    messages: compileMessages(message, [...path, 'message'], tools),
  }
}

const sentence = (text: string, path: KeyPath, { expression }: CompileTools): Template =>
  compileTemplate(text, (place, expr) => expression([...path, ...place], expr))

/** One sentence stands for every rule. */
function compileMessages(message: FieldConfig['message'], path: KeyPath, tools: CompileTools): Field['messages'] {
  if (typeof message !== 'string') return messagesOf(message ?? {}, path, tools)
  const same = sentence(message, path, tools)
  return Object.fromEntries(RULES.map((rule) => [rule, same]))
}

/** A sentence for each rule. */
export function messagesOf(
  config: { readonly [rule: string]: string },
  path: KeyPath,
  tools: CompileTools,
): Field['messages'] {
  for (const rule of Object.keys(config).filter((rule) => !RULES.some((known) => known === rule)))
    tools.report([...path, rule], `${rule} is not a rule; the rules are ${RULES.join(', ')}`)
  return Object.fromEntries(
    Object.entries(config).map(([rule, text]) => [rule, sentence(text, [...path, rule], tools)]),
  )
}

function compileAllowed(
  config: FieldConfig['in'],
  path: KeyPath,
  { report, expression, lists }: FieldTools,
): Pick<Field, 'allowed' | 'allowedBy'> {
  if (config === undefined) return {}
  if (Array.isArray(config)) return { allowed: config }
  if (typeof config === 'object') return { allowedBy: expression([...path, 'expr'], config.expr) }
  const list = lists[config]
  if (list) return { allowed: valuesIn(list) }
  report(path, `there is no list ${JSON.stringify(config)} under lists${didYouMean(config, Object.keys(lists))}`)
  return {}
}

/** The ids of options, or the values themselves. */
export function valuesIn(list: readonly Json[]): string[] {
  return list.flatMap((item) => (typeof item === 'object' ? optionsIn({ item: [item] }) : [String(item)]))
}

function compilePattern(pattern: string, path: KeyPath, report: ReportProblem): { pattern?: Pattern } {
  try {
    return { pattern: parsePattern(pattern) }
  } catch (error) {
    report(path, `${JSON.stringify(pattern)} is not an RE2 pattern: ${(error as Error).message}`)
    return {}
  }
}
