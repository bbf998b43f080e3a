// Compiles one field of a screen, and checks that its rules suit its type and leave room for a value.

import type { Json } from '../lib/json.ts'
import { didYouMean } from '../lib/suggest.ts'
import type { Field } from './definition.ts'
import type { Expression } from './expression.ts'
import { type Pattern, parsePattern } from './field-pattern.ts'
import { dayInValue } from './field-types.ts'
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
  checkRules(config, path, report)
  checkRoom(config, path, report)
  return {
    name,
    config,
    isInferred: isInferred(path),
    required: typeof required === 'object' ? expression([...path, 'required', 'expr'], required.expr) : required,
    ...compileAllowed(config.in, [...path, 'in'], tools),
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

/** `2026-12-31`, `today`, `today+30d` or `today-1d`. */
const isDayBound = (bound: string): boolean =>
  isRelative(bound) || (!/^\d+$/.test(bound) && dayInValue(bound) !== undefined)

const isRelative = (bound: string): boolean => /^today(?:[+-]\d+d)?$/.test(bound)

function checkRules(config: FieldConfig, path: KeyPath, report: ReportProblem): void {
  const { type } = config
  const isDate = type === 'date' || type === 'date_range'
  const hasSize = /^(text|phone|email|number|choices|files)$/.test(type)
  for (const key of ['min', 'max'] as const) {
    const value = config[key]
    if (value === undefined) continue
    if (isDate && !(typeof value === 'string' && isDayBound(value)))
      report([...path, key], `${JSON.stringify(value)} is not a day; expected 2026-12-31, today, today+30d or today-1d`)
    else if (hasSize && typeof value !== 'number')
      report([...path, key], `expected a number for a ${type} field, found ${JSON.stringify(value)}`)
    else if (!isDate && !hasSize) report([...path, key], `a ${type} field has no ${key}`)
  }
  if (config.length !== undefined && !/^(text|phone|email|choice|choices|files)$/.test(type))
    report([...path, 'length'], `a ${type} field has no length`)
  if (config.pattern !== undefined && !/^(text|phone|email|number|choice|date)$/.test(type))
    report([...path, 'pattern'], `a ${type} field has no pattern`)
  if (config.in && !/^(choice|choices|text|number)$/.test(type)) {
    const fix = 'use `in` with choice, choices, text or number'
    report([...path, 'in'], `a ${type} has no list of allowed values; ${fix}`)
  }
}

function checkRoom({ min, max, length }: FieldConfig, path: KeyPath, report: ReportProblem): void {
  const mustLeaveRoom = (at: KeyPath, least?: number | string, most?: number | string) => {
    if (isAbove(least, most)) report(at, `min ${least} is above max ${most}, so no value would be accepted`)
  }
  mustLeaveRoom([...path, 'min'], min, max)
  if (typeof length === 'object') mustLeaveRoom([...path, 'length'], length.min, length.max)
}

/** A fixed day and a relative one cannot be compared. */
function isAbove(min: number | string | undefined, max: number | string | undefined): boolean {
  if (typeof min === 'number' && typeof max === 'number') return min > max
  if (typeof min !== 'string' || typeof max !== 'string' || isRelative(min) !== isRelative(max)) return false
  const days = (bound: string) => Number(bound.slice('today'.length, -1))
  return isRelative(min) ? days(min) > days(max) : min > max
}
