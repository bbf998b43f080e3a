// Compiles what a flow does: screens, calls, branches.

import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { didYouMean } from '../lib/suggest.ts'
import { pathParametersOf } from './call-api.ts'
import { type CompileTools, compileField, type KeyPath } from './compile-field.ts'
import type {
  Api,
  Assignment,
  Branch,
  Call,
  DataEntry,
  Field,
  Flow,
  Opening,
  Screen,
  Submission,
} from './definition.ts'
import type { ApiConfig, BranchConfig, CallConfig, FlowConfig, ForwardConfig, ScreenConfig } from './schema.ts'
import { compileTemplate, isExpression, type Template } from './template.ts'

export type ScreenTools = CompileTools &
  Pick<Flow, 'apis' | 'lists'> & {
    /** Whether the config does not have it: a Flow JSON or the traffic tells it. */
    readonly isInferred: (path: KeyPath) => boolean
  }

export function compileApi(name: string, config: ApiConfig, tools: CompileTools): Api {
  return { name, config, headers: entriesOf(config.headers, ['apis', name, 'headers'], tools) }
}

/** Made like a call of an API, by that name. */
export function compileForward(config: ForwardConfig, path: KeyPath, tools: CompileTools): Api {
  const { url, timeout, secret, headers } = config
  return {
    name: 'forward',
    isSpared: true,
    config: { url, timeout, headers, method: 'POST', cache: 0, stale: 0, ...(secret !== undefined && { secret }) },
    headers: entriesOf(headers, [...path, 'headers'], tools),
  }
}

export function compileOpening(config: FlowConfig['open'], tools: ScreenTools): Opening {
  const { keep = [], ask = {}, set = {}, next } = config ?? {}
  return {
    keep,
    ask: callsOf(ask, ['open', 'ask'], tools),
    set: assignmentsOf(set, ['open', 'set'], tools),
    next: branchesOf(next, undefined, ['open'], tools),
  }
}

export function compileScreen(
  id: string,
  config: ScreenConfig,
  tools: ScreenTools,
  inFlowJson: Screen['inFlowJson'],
): Screen {
  const path = ['screens', id]
  if (config.complete && config.next !== undefined)
    tools.report([...path, 'complete'], `screen ${id} has both next and complete; it can only do one of them`)
  return {
    id,
    ask: callsOf(config.ask, [...path, 'ask'], tools),
    data: [
      ...Object.entries(config.data).map(([name, value]) =>
        dataEntry(name, value as Json, [...path, 'data', name], tools),
      ),
      ...config.pass.map((name, index) => ({
        name,
        value: {
          kind: 'expression',
          expression: tools.expression([...path, 'pass', index], `known.\`${name}\``),
        } as const,
      })),
    ],
    fields: Object.entries(config.fields).map(
      ([name, field]): Field => compileField(name, field, [...path, 'fields', name], tools),
    ),
    fieldNames: new Set(Object.keys(config.fields)),
    on: Object.entries(config.on).map(([name, exchange]) => {
      const at = [...path, 'on', name]
      return {
        name,
        when: tools.expression([...at, 'when'], exchange.when),
        ...submissionOf(exchange, undefined, at, tools),
      }
    }),
    submission: submissionOf(config, config.complete, path, tools),
    ...(config.forward && { forward: compileForward(config.forward, [...path, 'forward'], tools) }),
    ...(config.ends && { ends: config.ends }),
    ...(inFlowJson && { inFlowJson }),
  }
}

function submissionOf(
  config: Pick<ScreenConfig, 'do' | 'set' | 'next'>,
  complete: ScreenConfig['complete'],
  path: KeyPath,
  tools: ScreenTools,
): Submission {
  return {
    do: callsOf(config.do, [...path, 'do'], tools),
    set: assignmentsOf(config.set, [...path, 'set'], tools),
    next: branchesOf(config.next, complete, path, tools),
  }
}

function branchesOf(
  next: ScreenConfig['next'],
  complete: ScreenConfig['complete'],
  path: KeyPath,
  tools: ScreenTools,
): Branch[] {
  if (complete) return [{ kind: 'complete', params: entriesOf(complete, [...path, 'complete'], tools), set: [] }]
  if (next === undefined) return []
  if (typeof next === 'string') return [{ kind: 'to', to: next, set: [] }]
  return next.map((branch, index) => branchOf(branch, [...path, 'next', index], tools))
}

function branchOf(config: BranchConfig, path: KeyPath, tools: ScreenTools): Branch {
  const { when, to, message, stay, field, complete, close, set = {} } = config
  const common = {
    ...(when !== undefined && { when: tools.expression([...path, 'when'], when) }),
    set: assignmentsOf(set, [...path, 'set'], tools),
  }
  const told = (key: string, text: string) => templateOf(text, [...path, key], tools)
  if (field !== undefined && stay === undefined)
    tools.report([...path, 'field'], '`field` names what `stay` refuses; this branch has no `stay`')
  if (message !== undefined && to === undefined)
    tools.report(
      [...path, 'message'],
      '`message` is told on the screen that `to` leads to; here the sentence stands in the branch itself',
    )
  if (stay !== undefined)
    return { ...common, kind: 'stay', message: told('stay', stay), ...(field !== undefined && { field }) }
  if (complete) return { ...common, kind: 'complete', params: entriesOf(complete, [...path, 'complete'], tools) }
  if (close !== undefined) return { ...common, kind: 'close', message: told('close', close) }
  return { ...common, kind: 'to', to: to ?? '', ...(message !== undefined && { message: told('message', message) }) }
}

function callsOf(config: { readonly [name: string]: CallConfig }, path: KeyPath, tools: ScreenTools): Call[] {
  return Object.entries(config).flatMap(([name, call]) => {
    const at = [...path, name]
    const called = call.api ?? name
    const api = tools.apis.get(called)
    if (!api) {
      const hint = didYouMean(called, tools.apis.keys(), knownApis(tools))
      tools.report(
        call.api === undefined ? at : [...at, 'api'],
        `${JSON.stringify(called)} is not defined under apis${hint}`,
      )
      return []
    }
    for (const parameter of pathParametersOf(api.config.url))
      if (!(parameter in call.with))
        tools.report(at, `the URL of ${called} has {${parameter}}, and \`with\` does not give it`)
    return [
      {
        name,
        api,
        with: assignmentsOf(call.with, [...at, 'with'], tools),
        ...(call.when !== undefined && { when: tools.expression([...at, 'when'], call.when) }),
        ...(call.else !== undefined && { otherwise: templateOf(call.else as Json, [...at, 'else'], tools) }),
        ...(call.fresh !== undefined && {
          fresh: call.fresh === true ? true : tools.expression([...at, 'fresh'], call.fresh),
        }),
      },
    ]
  })
}

const knownApis = ({ apis }: ScreenTools): string =>
  apis.size === 0 ? '' : `; there is ${[...apis.keys()].join(', ')}`

function assignmentsOf(
  config: { readonly [name: string]: unknown },
  path: KeyPath,
  { expression }: CompileTools,
): Assignment[] {
  return Object.entries(config).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? expression([...path, name], value) : { fixed: value as Json },
  }))
}

const entriesOf = (config: { readonly [name: string]: unknown }, path: KeyPath, tools: CompileTools): DataEntry[] =>
  Object.entries(config).map(([name, value]) => ({ name, value: templateOf(value as Json, [...path, name], tools) }))

/** `{ expr, else }`, or a template. */
export function dataEntry(name: string, value: Json, path: KeyPath, tools: CompileTools): DataEntry {
  if (!isObject(value) || typeof value.expr !== 'string' || !('else' in value))
    return { name, value: templateOf(value, path, tools) }
  const { expr, else: otherwise, ...others } = value
  for (const key of Object.keys(others))
    tools.report([...path, key], `${key} does not belong here; beside expr there is only else`)
  return {
    name,
    value: templateOf({ expr }, path, tools),
    otherwise: templateOf(otherwise as Json, [...path, 'else'], tools),
  }
}

export function templateOf(value: Json, path: KeyPath, { report, expression }: CompileTools): Template {
  for (const [place, message] of mistakesIn(value)) report([...path, ...place], message)
  return compileTemplate(value, (place, text) => expression([...path, ...place], text))
}

/** Objects that look like an expression and are none. */
function* mistakesIn(value: Json): Generator<readonly [place: KeyPath, message: string]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* within(index, mistakesIn(item))
    return
  }
  if (!isObject(value) || isExpression(value)) return
  if ('expr' in value) {
    const { expr, ...others } = value as JsonObject
    if (typeof expr !== 'string') yield [['expr'], 'expected a JSONata expression as text']
    for (const key of Object.keys(others)) yield [[key], `${key} does not belong here; { expr: … } stands alone`]
    return
  }
  for (const [name, part] of Object.entries(value)) yield* within(name, mistakesIn(part))
}

function* within(
  key: string | number,
  found: Iterable<readonly [place: KeyPath, message: string]>,
): Generator<readonly [place: KeyPath, message: string]> {
  for (const [place, message] of found) yield [[key, ...place], message]
}
