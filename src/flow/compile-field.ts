// Compiles one field of a screen, and checks that its rules suit its type and leave room for a value.

import type { Field } from './definition.ts'
import type { Expression } from './expression.ts'
import { type Pattern, parsePattern } from './field-pattern.ts'
import { dayInValue } from './field-types.ts'
import { type FieldConfig, RULES } from './schema.ts'

/** Keys from the flow downwards. */
export type KeyPath = readonly (string | number)[]
export type ReportProblem = (path: KeyPath, message: string) => void
export type Parse = (path: KeyPath, text: string) => Expression
export type CompileTools = { readonly report: ReportProblem; readonly expression: Parse }

export function compileField(name: string, config: FieldConfig, path: KeyPath, tools: CompileTools): Field {
  const { report, expression } = tools
  const { check = [], message, pattern } = config
  checkRules(config, path, report)
  checkRoom(config, path, report)
  const named = typeof message === 'object' ? Object.keys(message) : []
  for (const rule of named.filter((rule) => !RULES.some((known) => known === rule)))
    report([...path, 'message', rule], `${rule} is not a rule; the rules are ${RULES.join(', ')}`)
  return {
    name,
    config,
    ...(pattern !== undefined && compilePattern(pattern, [...path, 'pattern'], report)),
    checks:
      typeof check === 'string'
        ? [{ that: expression([...path, 'check'], check) }]
        : check.map(({ that, message }, index) => ({
            that: expression([...path, 'check', index, 'that'], that),
            ...(message !== undefined && { message }),
          })),
  }
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
