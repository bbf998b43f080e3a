// Compiles the config of one flow: parses expressions, checks references, fills in defaults.

import { createHash } from 'node:crypto'
import { canonical, isObject, type Json, type JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { type CompileTools, compileField, type KeyPath, type Parse, type ReportProblem } from './compile-field.ts'
import { type DataEntry, defaultFunnel, type Flow, type Screen } from './definition.ts'
import { type Expression, parseExpression } from './expression.ts'
import { optionsIn } from './options.ts'
import type { FlowConfig, ScreenConfig } from './schema.ts'

export type FlowProblem = { readonly path: KeyPath; readonly message: string }

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

  const screens = Object.entries(config.screens).map(([id, screen]) =>
    compileScreen(id, screen, { report, expression }),
  )
  const fields = screens.flatMap((screen) => screen.fields)
  const data = screens.flatMap((screen) => screen.data)
  const funnel = defaultFunnel(config)
  const flow: Flow = {
    key,
    version: createHash('sha256')
      .update(canonical({ ...config, funnel } as unknown as JsonObject))
      .digest('hex')
      .slice(0, 8),
    start: config.start,
    screens: new Map(screens.map((screen) => [screen.id, screen])),
    sources: new Map(
      Object.entries(config.sources).map(([name, source]) => [
        name,
        { name, config: source, ...optional('map', source.map, ['sources', name, 'map'], expression) },
      ]),
    ),
    funnel,
    names: new Set([...screens.map(({ id }) => id), ...[...fields, ...data].map(({ name }) => name)]),
    fields: Map.groupBy(fields, (field) => field.name),
    options: new Set(data.flatMap((entry) => (entry.kind === 'fixed' ? optionsIn({ [entry.name]: entry.value }) : []))),
    hasOpenChoices: fields.some(({ config }) => /^choices?$/.test(config.type) && !config.in),
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

const NEVER_EVALUATED: Expression = parseExpression('null')

function optional<K extends string>(key: K, text: string | undefined, path: KeyPath, parse: Parse) {
  return (text === undefined ? {} : { [key]: parse(path, text) }) as { [key in K]?: Expression }
}

function compileTrigger(config: FlowConfig['trigger'], parse: Parse): Pick<Flow, 'trigger' | 'triggers'> {
  if (typeof config !== 'object') return { ...optional('trigger', config, ['trigger'], parse), triggers: new Set() }
  return { trigger: parse(['trigger', 'expr'], config.expr), triggers: new Set(config.in.map(String)) }
}

function compileScreen(id: string, config: ScreenConfig, tools: CompileTools): Screen {
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

function compileData(name: string, value: unknown, path: KeyPath, { report, expression }: CompileTools): DataEntry {
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
