// Compiles the config of one flow: parses expressions, checks references, fills in defaults.

import { createHash } from 'node:crypto'
import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import { checkNames } from './check-names.ts'
import { checkReferences } from './check-references.ts'
import type { KeyPath, Parse, ReportProblem } from './compile-field.ts'
import { compileApi, compileOpening, compileScreen, messagesOf, templateOf } from './compile-screen.ts'
import { defaultFunnel, type Flow } from './definition.ts'
import { type Expression, parseExpression } from './expression.ts'
import { optionsIn } from './options.ts'
import type { FlowConfig } from './schema.ts'

export type FlowProblem = { readonly path: KeyPath; readonly message: string }

export type Compiled =
  | { readonly ok: true; readonly flow: Flow }
  | { readonly ok: false; readonly problems: FlowProblem[] }

/** Finds every mistake, not just the first. */
export function compileFlow(key: string, config: FlowConfig): Compiled {
  const problems: FlowProblem[] = []
  const report: ReportProblem = (path, message) => problems.push({ path, message })
  const parsed: { readonly path: KeyPath; readonly expression: Expression }[] = []
  const expression: Parse = (path, text) => {
    try {
      const expression = parseExpression(text)
      parsed.push({ path, expression })
      return expression
    } catch (error) {
      report(path, `${JSON.stringify(text)} is not a JSONata expression: ${(error as Error).message}`)
      return NEVER_EVALUATED
    }
  }

  const lists = config.lists as { readonly [name: string]: readonly Json[] }
  const apis = new Map(Object.entries(config.apis).map(([name, api]) => [name, compileApi(name, api, { report, expression })]))
  const tools = { report, expression, apis, lists }
  const screens = Object.entries(config.screens).map(([id, screen]) => compileScreen(id, screen, tools))
  const fields = screens.flatMap((screen) => screen.fields)
  const data = screens.flatMap((screen) => screen.data)
  const open = compileOpening(config.open, tools)
  const funnel = defaultFunnel(config)
  const sent = Object.fromEntries(
    data.flatMap(({ name, value }, index) => (value.kind === 'fixed' ? [[`${name} ${index}`, value.value]] : [])),
  )
  const flow: Flow = {
    key,
    version: createHash('sha256')
      .update(canonical({ ...config, funnel } as unknown as JsonObject))
      .digest('hex')
      .slice(0, 8),
    start: config.start,
    open,
    usesSessionOnOpening: parsed.some(
      ({ path, expression }) =>
        (/^(open|tokens|trigger|sequence)$/.test(String(path[0])) || (path[0] === 'screens' && path[1] === config.start)) &&
        /\bsession\b/.test(expression.text),
    ),
    screens: new Map(screens.map((screen) => [screen.id, screen])),
    apis,
    funnel,
    names: new Set([...screens.map(({ id }) => id), ...[...fields, ...data].map(({ name }) => name)]),
    fields: Map.groupBy(fields, (field) => field.name),
    options: new Set([...optionsIn(sent), ...optionsIn(lists as JsonObject)]),
    hasOpenChoices: fields.some(({ config, allowed }) => /^choices?$/.test(config.type) && !allowed),
    lists,
    texts: Object.fromEntries(
      Object.entries(config.texts).map(([name, text]) => [name, templateOf(text, ['texts', name], tools)]),
    ),
    messages: messagesOf(config.messages, ['messages'], tools),
    ...compileTrigger(config, expression),
    ...(config.sequence !== undefined && { sequence: expression(['sequence'], config.sequence) }),
    ...(config.tokens && {
      tokens: {
        ...(config.tokens.accept !== undefined && { accept: expression(['tokens', 'accept'], config.tokens.accept) }),
        expiredMessage: config.tokens.expired_message,
        ...(config.tokens.keep && { keep: config.tokens.keep }),
      },
    }),
    failureMessage: config.failure_message,
  }
  checkReferences(config, flow, report)
  for (const { path, expression } of parsed) checkNames(path, expression, config, report)
  return problems.length === 0 ? { ok: true, flow } : { ok: false, problems }
}

const NEVER_EVALUATED: Expression = parseExpression('null')

/** The names of exchanges stand in the config, so they are kept as they are. */
function compileTrigger({ trigger, screens }: FlowConfig, parse: Parse): Pick<Flow, 'trigger' | 'triggers'> {
  const exchanges = Object.values(screens).flatMap(({ on }) => Object.keys(on))
  if (trigger === undefined) return { triggers: new Set(exchanges) }
  if (typeof trigger === 'string') return { trigger: parse(['trigger'], trigger), triggers: new Set(exchanges) }
  return { trigger: parse(['trigger', 'expr'], trigger.expr), triggers: new Set([...exchanges, ...trigger.in.map(String)]) }
}
