// Compiles the config of one flow: parses expressions, checks references, fills in defaults.

import { createHash } from 'node:crypto'
import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import { compareWithFlowJson } from './check-flow-json.ts'
import { checkForward } from './check-forward.ts'
import { checkNames } from './check-names.ts'
import { checkOptions } from './check-options.ts'
import { checkReferences } from './check-references.ts'
import { checkTexts } from './check-texts.ts'
import { checkVariables } from './check-variables.ts'
import { checkMarkers, checkWays } from './check-ways.ts'
import {
  type FlowProblem,
  type KeyPath,
  messagesOf,
  type Parse,
  type Reporters,
  type ReportProblem,
} from './compile-field.ts'
import { compileApi, compileForward, compileOpening, compileScreen, templateOf } from './compile-screen.ts'
import { defaultFunnel, type Flow, isOnlyObserved } from './definition.ts'
import { draftFlow } from './draft-flow.ts'
import { eventsSuffice } from './events-suffice.ts'
import { type Expression, NEVER_EVALUATED, parseExpression } from './expression.ts'
import type { FlowJsonSource } from './holding.ts'
import { completedBy } from './inferred.ts'
import { optionsIn } from './options.ts'
import { type FlowConfig, isAnswering } from './schema.ts'
import { namesByScreen } from './submitted-names.ts'

export type Compiled =
  /** `oddities`: what may be meant and is unlikely to be. */
  | { readonly ok: true; readonly flow: Flow; readonly oddities: readonly FlowProblem[] }
  | { readonly ok: false; readonly problems: FlowProblem[] }

/**
 * Finds every mistake, not just the first. `source`: the Flow JSON that the config is held against. `learned`: of a flow that another
 * server answers, what its config would say of the screens.
 */
export function compileFlow(
  key: string,
  written: FlowConfig,
  source?: FlowJsonSource,
  learned: JsonObject = {},
): Compiled {
  const isAnswered = isAnswering(written)
  const { config, isInferred } = isAnswered
    ? { config: written, isInferred: () => false }
    : completedBy(source ? draftFlow(source.flowJson, source.file) : learned, written)
  const problems: FlowProblem[] = []
  const report: ReportProblem = (path, message) => problems.push({ path, message })
  const parsed: { readonly path: KeyPath; readonly expression: Expression }[] = []
  const expression: Parse = (path, text) => {
    try {
      const expression = parseExpression(text)
      parsed.push({ path, expression })
      return expression
    } catch (error) {
      report(path, `${JSON.stringify(text)} is not a JSONata expression: ${(error as Error).message}${hintOn(text)}`)
      return NEVER_EVALUATED
    }
  }

  const lists = config.lists as { readonly [name: string]: readonly Json[] }
  const apis = new Map(
    Object.entries(config.apis).map(([name, api]) => [name, compileApi(name, api, { report, expression })]),
  )
  const tools = { report, expression, apis, lists, isInferred }
  const screens = Object.entries(config.screens).map(([id, screen]) =>
    compileScreen(id, screen, tools, source?.flowJson.screens.get(id)),
  )
  const fields = screens.flatMap((screen) => screen.fields)
  const data = screens.flatMap((screen) => screen.data)
  const open = compileOpening(config.open, tools)
  const funnel = defaultFunnel(config)
  const sent = Object.fromEntries(
    data.flatMap(({ name, value }, index) => (value.kind === 'fixed' ? [[`${name} ${index}`, value.value]] : [])),
  )
  const markers = compileMarkers(config, expression)
  const texts = Object.fromEntries(
    Object.entries(config.texts).map(([name, text]) => [name, templateOf(text, ['texts', name], tools)]),
  )
  const messages = messagesOf(config.messages, ['messages'], tools)
  const fieldsByName = Map.groupBy(fields, (field) => field.name)
  const { flow_json: _, ...versioned } = { ...written, apis: withoutExamples(written.apis) }
  const content = source && { flow_json: source.flowJson.digest }
  const flow: Flow = {
    key,
    version: createHash('sha256')
      .update(canonical({ ...versioned, ...content, funnel: defaultFunnel(written) } as unknown as JsonObject))
      .digest('hex')
      .slice(0, 8),
    start: config.start,
    open,
    usesSessionOnOpening:
      config.forward !== undefined ||
      parsed.some(({ path, expression }) => isSeenOnOpening(path, config) && /\bsession\b/.test(expression.text)),
    eventsSuffice: problems.length === 0 && eventsSuffice(config, fieldsByName, parsed),
    screens: new Map(screens.map((screen) => [screen.id, screen])),
    apis,
    funnel,
    names: new Set([...screens.map(({ id }) => id), ...[...fields, ...data].map(({ name }) => name)]),
    fields: fieldsByName,
    options: new Set([...optionsIn(sent), ...optionsIn(lists as JsonObject)]),
    hasOpenChoices: fields.some(({ config, allowed }) => /^choices?$/.test(config.type) && !allowed),
    lists,
    texts,
    messages,
    ...markers,
    failureMessage: config.failure_message,
    ...(source && { flowJson: source.flowJson }),
    usesExamples: config.examples === true,
    ...(config.forward && { forward: compileForward(config.forward, ['forward'], tools) }),
    ...(config.tap && {
      tap: tapOf(
        config.tap,
        parsed.some(({ expression }) => USES_SESSION.test(expression.text)),
      ),
    }),
    isLearning: !isAnswered && !source,
  }
  checkReferences(config, flow, report)
  const oddities: FlowProblem[] = []
  const reporters: Reporters = { mistake: report, odd: (path, message) => oddities.push({ path, message }) }
  const place = { config, flow, screens: namesByScreen(flow) }
  for (const { path, expression } of parsed) {
    checkNames(path, expression, place, reporters)
    checkVariables(path, expression, report)
  }
  checkTexts(config, flow, reporters)
  checkOptions(config, flow, isOnlyObserved(flow) ? { ...reporters, mistake: reporters.odd } : reporters)
  checkMarkers(config, reporters)
  checkWays(config, flow, reporters)
  checkForward(written, report)
  const held = source ? compareWithFlowJson(config, flow, source) : NOTHING_TO_HOLD
  problems.push(...held.mistakes)
  return problems.length === 0 ? { ok: true, flow, oddities: [...oddities, ...held.oddities] } : { ok: false, problems }
}

const tapOf = (
  { url, timeout, compare }: NonNullable<FlowConfig['tap']>,
  usesSession: boolean,
): NonNullable<Flow['tap']> => ({
  url,
  timeoutMs: timeout,
  isCompared: compare,
  usesSession: compare || usesSession,
})

const USES_SESSION = /\b(?:known|at|vars|sent|session)\b/

/** What other languages write. */
function hintOn(text: string): string {
  if (text.includes('{{')) return '; here stands an expression as it is, without {{ }}'
  if (/&&|\|\||==/.test(text)) return '; JSONata writes `and`, `or` and `=`'
  return ''
}

/** No request ever sees one. */
const withoutExamples = (apis: FlowConfig['apis']) =>
  Object.fromEntries(Object.entries(apis).map(([name, { example: _, ...api }]) => [name, api]))

const NOTHING_TO_HOLD = { mistakes: [], oddities: [] }

/** Of what an opening is answered with. */
const isSeenOnOpening = ([section, id]: KeyPath, { start }: FlowConfig): boolean =>
  section === 'screens' ? id === start : true

type Markers = Pick<Flow, 'trigger' | 'triggers' | 'sequence' | 'tokens'>

function compileMarkers({ sequence, tokens, trigger, screens }: FlowConfig, parse: Parse): Markers {
  // The names of exchanges stand in the config, so they are kept as they are.
  const exchanges = Object.values(screens).flatMap(({ on }) => Object.keys(on))
  const listed = typeof trigger === 'object' ? trigger.in.map(String) : []
  const marker = typeof trigger === 'object' ? parse(['trigger', 'expr'], trigger.expr) : trigger
  return {
    ...(marker !== undefined && { trigger: typeof marker === 'string' ? parse(['trigger'], marker) : marker }),
    triggers: new Set([...exchanges, ...listed]),
    ...(sequence !== undefined && { sequence: parse(['sequence'], sequence) }),
    ...(tokens && {
      tokens: {
        ...(tokens.accept !== undefined && { accept: parse(['tokens', 'accept'], tokens.accept) }),
        expiredMessage: tokens.expired_message,
        ...(tokens.keep && { keep: tokens.keep }),
      },
    }),
  }
}
