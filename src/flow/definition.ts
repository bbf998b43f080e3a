// Compiles the config of one flow: parses expressions, checks references, fills in defaults.

import { createHash } from 'node:crypto'
import { canonical, isObject, type Json, type JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { type Expression, parseExpression } from './expression.ts'
import { type Pattern, parsePattern } from './field-pattern.ts'
import { dayInValue, isClosedChoice } from './field-types.ts'
import { optionsIn } from './options.ts'
import { type FieldConfig, type FlowConfig, RULES, type ScreenConfig, type SourceConfig } from './schema.ts'

export type Flow = {
  readonly key: string
  /** Fingerprint of the flow's config, including the order of the funnel. */
  readonly version: string
  readonly start: string
  readonly screens: ReadonlyMap<string, Screen>
  readonly sources: ReadonlyMap<string, DataSource>
  /** Ordered steps, each reached on any of its screens. */
  readonly funnel: readonly (readonly string[])[]
  /** Every name in its config: of screens, their fields and their data. */
  readonly names: ReadonlySet<string>
  /** The fields of all screens by name; several screens can use one name. */
  readonly fields: ReadonlyMap<string, readonly Field[]>
  /** The ids of the options that the config itself sends. */
  readonly options: ReadonlySet<string>
  /** Whether some screen offers options that the config does not list. */
  readonly hasOpenChoices: boolean
  readonly trigger?: Expression
  /** The values of the trigger that the config lists. */
  readonly triggers: ReadonlySet<string>
  readonly sequence?: Expression
  readonly tokens?: {
    readonly accept?: Expression
    readonly expiredMessage: string
    readonly keep?: 'keep' | 'hash'
  }
  readonly failureMessage: string
}

export type Screen = {
  readonly id: string
  readonly data: readonly DataEntry[]
  readonly fields: readonly Field[]
  readonly fieldNames: ReadonlySet<string>
  /** The first whose `when` holds applies. Empty on a screen that is never submitted. */
  readonly next: readonly { readonly when?: Expression; readonly to: string }[]
  /** The params of the completion, if submitting this screen ends the flow. */
  readonly complete?: readonly { readonly name: string; readonly value: Expression | { readonly fixed: Json } }[]
}

/** One property of the data a screen is sent with. */
export type DataEntry =
  | { readonly kind: 'fixed'; readonly name: string; readonly value: Json }
  | { readonly kind: 'expression'; readonly name: string; readonly expression: Expression }
  | {
      readonly kind: 'source'
      readonly name: string
      readonly source: string
      readonly with: readonly SourceParameter[]
    }

export type SourceParameter = { readonly name: string; readonly expression: Expression }

export type Field = {
  readonly name: string
  readonly config: FieldConfig
  readonly pattern?: Pattern
  readonly checks: readonly { readonly that: Expression; readonly message?: string }[]
}

export type DataSource = { readonly name: string; readonly config: SourceConfig; readonly map?: Expression }

/** `path`: keys from the flow downwards. */
export type FlowProblem = { readonly path: readonly (string | number)[]; readonly message: string }

export type Compiled =
  | { readonly ok: true; readonly flow: Flow }
  | { readonly ok: false; readonly problems: FlowProblem[] }

/** Finds every mistake, not just the first. */
export function compileFlow(key: string, config: FlowConfig): Compiled {
  const problems: FlowProblem[] = []
  const report: ReportProblem = (path, message) => problems.push({ path, message })
  const expression: Parse = (path, text) => {
    try {
      return parseExpression(text)
    } catch (error) {
      report(path, `${JSON.stringify(text)} is not a JSONata expression: ${(error as Error).message}`)
      return NEVER_EVALUATED
    }
  }

  const screens = new Map(
    Object.entries(config.screens).map(([id, screen]) => [id, compileScreen(id, screen, { report, expression })]),
  )
  const funnel = defaultFunnel(config)
  const flow: Flow = {
    key,
    version: createHash('sha256')
      .update(canonical({ ...config, funnel } as unknown as JsonObject))
      .digest('hex')
      .slice(0, 8),
    start: config.start,
    screens,
    sources: new Map(
      Object.entries(config.sources).map(([name, source]) => [
        name,
        { name, config: source, ...optional('map', source.map, ['sources', name, 'map'], expression) },
      ]),
    ),
    funnel,
    names: namesOf(screens),
    fields: Map.groupBy(
      [...screens.values()].flatMap((screen) => screen.fields),
      (field) => field.name,
    ),
    options: fixedOptions(screens),
    hasOpenChoices: [...screens.values()].some((screen) => screen.fields.some(isOpenChoice)),
    ...compileTrigger(config.trigger, expression),
    ...optional('sequence', config.sequence, ['sequence'], expression),
    ...(config.tokens && {
      tokens: {
        ...optional('accept', config.tokens.accept, ['tokens', 'accept'], expression),
        expiredMessage: config.tokens.expired_message,
        ...(config.tokens.keep && { keep: config.tokens.keep }),
      },
    }),
    failureMessage: config.failure_message,
  }
  checkReferences(config, flow, report)
  return problems.length === 0 ? { ok: true, flow } : { ok: false, problems }
}

/** All screens in their order if the config defines no funnel. */
export const defaultFunnel = ({ funnel, screens }: Pick<FlowConfig, 'funnel' | 'screens'>): Flow['funnel'] =>
  (funnel ?? Object.keys(screens)).map((step) => [step].flat())

/** The closed-choice fields of each screen: their values are kept and can explain why people leave. */
export function choicesOf(flow: Flow): { [screen: string]: string[] } {
  return Object.fromEntries(
    [...flow.screens.values()].map((screen) => [
      screen.id,
      screen.fields.filter((field) => isClosedChoice(field.config.type)).map((field) => field.name),
    ]),
  )
}

type KeyPath = readonly (string | number)[]
type ReportProblem = (path: KeyPath, message: string) => void
type Parse = (path: KeyPath, text: string) => Expression
type Tools = { readonly report: ReportProblem; readonly expression: Parse }

const NEVER_EVALUATED: Expression = parseExpression('null')

function optional<K extends string>(key: K, text: string | undefined, path: KeyPath, parse: Parse) {
  return (text === undefined ? {} : { [key]: parse(path, text) }) as { [key in K]?: Expression }
}

function compileTrigger(config: FlowConfig['trigger'], parse: Parse): Pick<Flow, 'trigger' | 'triggers'> {
  if (typeof config !== 'object') return { ...optional('trigger', config, ['trigger'], parse), triggers: new Set() }
  return { trigger: parse(['trigger', 'expr'], config.expr), triggers: new Set(config.in.map(String)) }
}

const namesOf = (screens: Flow['screens']): Set<string> =>
  new Set(
    [...screens.values()].flatMap(({ id, fieldNames, data }) => [id, ...fieldNames, ...data.map(({ name }) => name)]),
  )

const fixedOptions = (screens: Flow['screens']): Set<string> =>
  new Set(
    [...screens.values()].flatMap(({ data }) =>
      data.flatMap((entry) => (entry.kind === 'fixed' ? optionsIn({ [entry.name]: entry.value }) : [])),
    ),
  )

const isOpenChoice = ({ config }: Field): boolean => /^choices?$/.test(config.type) && !config.in

function compileScreen(id: string, config: ScreenConfig, tools: Tools): Screen {
  const path = ['screens', id]
  const branches = typeof config.next === 'string' ? [{ to: config.next }] : (config.next ?? [])
  return {
    id,
    data: Object.entries(config.data).map(([name, value]) => compileData(name, value, [...path, 'data', name], tools)),
    fields: Object.entries(config.fields).map(([name, field]) =>
      compileField(name, field, [...path, 'fields', name], tools),
    ),
    fieldNames: new Set(Object.keys(config.fields)),
    next: branches.map((branch, index) => ({
      to: branch.to,
      ...optional('when', branch.when, [...path, 'next', index, 'when'], tools.expression),
    })),
    ...(config.complete && {
      complete: Object.entries(config.complete).map(([name, value]) => ({
        name,
        value:
          typeof value === 'string' ? tools.expression([...path, 'complete', name], value) : { fixed: value as Json },
      })),
    }),
  }
}

function compileData(name: string, value: unknown, path: KeyPath, { report, expression }: Tools): DataEntry {
  if (!isObject(value) || !('source' in value || 'expr' in value)) return { kind: 'fixed', name, value: value as Json }

  const allowed = 'expr' in value ? ['expr'] : ['source', 'with']
  for (const key of Object.keys(value).filter((key) => !allowed.includes(key)))
    report([...path, key], `${key} does not belong here; expected only ${allowed.join(' and ')}`)

  if (typeof value.expr === 'string')
    return { kind: 'expression', name, expression: expression([...path, 'expr'], value.expr) }
  if (typeof value.source === 'string') {
    const parameters = isObject(value.with) ? Object.entries(value.with) : []
    if (value.with !== undefined && !isObject(value.with))
      report([...path, 'with'], 'expected parameters by name, such as { day: input.day }')
    return {
      kind: 'source',
      name,
      source: value.source,
      with: parameters.map(([parameter, text]) => {
        const at = [...path, 'with', parameter]
        if (typeof text !== 'string') report(at, `expected a JSONata expression, found ${JSON.stringify(text)}`)
        return { name: parameter, expression: expression(at, typeof text === 'string' ? text : '""') }
      }),
    }
  }
  const key = 'expr' in value ? 'expr' : 'source'
  report([...path, key], `expected ${key === 'expr' ? 'a JSONata expression' : 'the name of a source'}`)
  return { kind: 'fixed', name, value: '' }
}

function compileField(name: string, config: FieldConfig, path: KeyPath, { report, expression }: Tools): Field {
  checkBounds(config, path, report)
  if (config.in && !/^(choice|choices|text|number)$/.test(config.type))
    report(
      [...path, 'in'],
      `a ${config.type} has no list of allowed values; use \`in\` with choice, choices, text or number`,
    )
  if (typeof config.message === 'object') {
    for (const rule of Object.keys(config.message).filter((rule) => !RULES.some((known) => known === rule)))
      report([...path, 'message', rule], `${rule} is not a rule; the rules are ${RULES.join(', ')}`)
  }
  const checks = typeof config.check === 'string' ? [{ that: config.check }] : (config.check ?? [])
  return {
    name,
    config,
    ...(config.pattern !== undefined && compilePattern(config.pattern, [...path, 'pattern'], report)),
    checks: checks.map((check, index) => ({
      that: expression(
        typeof config.check === 'string' ? [...path, 'check'] : [...path, 'check', index, 'that'],
        check.that,
      ),
      ...('message' in check && check.message !== undefined && { message: check.message }),
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

function checkBounds(config: FieldConfig, path: KeyPath, report: ReportProblem): void {
  const { type, min, max, length } = config
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
  if (length !== undefined && !/^(text|phone|email|choice|choices|files)$/.test(type))
    report([...path, 'length'], `a ${type} field has no length`)
  if (config.pattern !== undefined && !/^(text|phone|email|number|choice|date)$/.test(type))
    report([...path, 'pattern'], `a ${type} field has no pattern`)

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

function checkReferences(config: FlowConfig, flow: Flow, report: ReportProblem): void {
  const known = `; the screens are ${[...flow.screens.keys()].join(', ')}`
  const mustExist = (screen: string, path: KeyPath) => {
    if (!flow.screens.has(screen)) report(path, `screen ${JSON.stringify(screen)} is not defined${known}`)
  }

  mustExist(config.start, ['start'])
  config.funnel?.forEach((step, index) => {
    if (typeof step === 'string') mustExist(step, ['funnel', index])
    else for (const [inner, screen] of step.entries()) mustExist(screen, ['funnel', index, inner])
  })
  for (const screen of flow.screens.values()) {
    const path = ['screens', screen.id]
    const isList = Array.isArray(config.screens[screen.id]?.next)
    screen.next.forEach((branch, index) => {
      const at = isList ? [...path, 'next', index, 'to'] : [...path, 'next']
      if (branch.to === SUCCESS) report(at, `${SUCCESS} is not a screen; write \`complete\` to end the flow here`)
      else mustExist(branch.to, at)
    })
    if (screen.next.length > 0 && screen.complete)
      report([...path, 'complete'], `screen ${screen.id} has both next and complete; it can only do one of them`)
    for (const entry of screen.data)
      if (entry.kind === 'source' && !flow.sources.has(entry.source))
        report(
          [...path, 'data', entry.name, 'source'],
          `source ${JSON.stringify(entry.source)} is not defined under sources`,
        )
  }
}
