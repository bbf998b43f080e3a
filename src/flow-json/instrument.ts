// Makes a Flow JSON tell its endpoint more: ways that only the phone sees become requests, and Back asks.

import { applyEdits, type Edit } from 'jsonc-parser'
import { createFindings, nearest, quoted } from './findings.ts'
import type { Action, Finding, FlowJson, Place, Screen } from './flow-json.ts'
import { entryScreens, followUps, mayAnswer } from './follow-ups.ts'
import { type JsonNode, member, type ObjectNode, readJson } from './json-tree.ts'
import { nameOf } from './read-action.ts'
import { readFlowJson } from './read-flow-json.ts'
import { appendItems, insertAfter, insertFirst, removeMember, replaceValue } from './text-edits.ts'

export type InstrumentOptions = {
  /** What findings call the text. */
  readonly file: string
  /** Ways that `navigate` makes; `all` are all of them. */
  readonly edges: 'all' | readonly { readonly from: string; readonly to: string }[]
  /** Screens on which Back is to ask the endpoint; `all` are all but those where a flow begins. */
  readonly refreshOnBack: 'all' | readonly string[]
  /** The payload key that tells the endpoint the screen a way leads to. `next_screen` if not given. */
  readonly targetKey?: string
}

export type Instrumented =
  | {
      readonly ok: true
      readonly text: string
      /** Each where it was made in the text before. */
      readonly changes: readonly Change[]
      /** Ways among `all` that must stay as they are, and why. */
      readonly leftOut: readonly Change[]
    }
  | { readonly ok: false; readonly mistakes: readonly Finding[] }

export type Change = Place & { readonly message: string }

type Step = { readonly edits: readonly Edit[]; readonly change: Change }
type Planned = { readonly steps: readonly Step[] } | { readonly obstacle: Change }

/**
 * The same text but for the changes. What an endpoint needs besides, `data_api_version` and routes in `routing_model`, is added
 * where it is missing. Mistakes of the text, and screens and ways asked for that are not there, are told instead.
 */
export function instrument(text: string, options: InstrumentOptions): Instrumented {
  const read = readFlowJson(text, options.file)
  const root = readJson(text, createFindings(options.file))
  if (!read.ok || root?.kind !== 'object') return { ok: false, mistakes: read.ok ? [] : read.mistakes }
  const { flowJson } = read
  const setting: Setting = {
    text,
    root,
    flowJson,
    key: options.targetKey ?? 'next_screen',
    objects: objectsByPlace(root),
    missingRoutes: missingRoutes(flowJson),
  }
  const edges = plannedEdges(setting, options.edges)
  const refreshes = plannedRefreshes(setting, options.refreshOnBack)
  const asked = [...(options.edges === 'all' ? [] : edges), ...refreshes]
  const mistakes = obstacles(asked).map((obstacle) => ({ file: options.file, ...obstacle }))
  if (mistakes.length > 0) return { ok: false, mistakes }
  const steps = [...edges, ...refreshes].flatMap((plan) => ('steps' in plan ? plan.steps : []))
  const all = steps.length === 0 ? [] : [...steps, ...plannedEndpoint(setting)]
  const changes = all.map(({ change }) => change).sort((a, b) => a.line - b.line || a.column - b.column)
  return {
    ok: true,
    text: applyEdits(
      text,
      all.flatMap(({ edits }) => edits),
    ),
    changes,
    leftOut: obstacles(edges),
  }
}

type Setting = {
  readonly text: string
  readonly root: ObjectNode
  readonly flowJson: FlowJson
  readonly key: string
  readonly objects: ReadonlyMap<string, ObjectNode>
  readonly missingRoutes: Routes
}

/** By screen, those that may follow it. */
type Routes = ReadonlyMap<string, readonly string[]>

const obstacles = (plans: readonly Planned[]): readonly Change[] =>
  plans.flatMap((plan) => ('obstacle' in plan ? [plan.obstacle] : []))

function plannedEdges(setting: Setting, edges: InstrumentOptions['edges']): readonly Planned[] {
  const { flowJson } = setting
  const navigations = followUps(flowJson).filter(({ by }) => by === 'phone')
  if (edges === 'all')
    return navigations.flatMap(({ from, to, actions }) =>
      actions.map((action) => plannedAction(setting, action, from, to)),
    )
  return edges.flatMap(({ from, to }): readonly Planned[] => {
    const unknown = [from, to].find((id) => !flowJson.screens.has(id))
    if (unknown !== undefined) return [{ obstacle: { ...TOP, message: noScreen(flowJson, unknown) } }]
    const actions = navigations.find((way) => way.from === from && way.to === to)?.actions ?? []
    if (actions.length > 0) return actions.map((action) => plannedAction(setting, action, from, to))
    const place = flowJson.screens.get(from)?.place ?? TOP
    return [{ obstacle: { ...place, message: `no "navigate" of screen ${quoted(from)} leads to ${quoted(to)}` } }]
  })
}

function plannedAction(setting: Setting, { place, by, isExample }: Action, from: string, to: string): Planned {
  const { text, key, objects } = setting
  const obstacle = (message: string): Planned => ({
    obstacle: { ...place, message: `${nameOf(by)} leads from ${from} to ${to}, but ${message}` },
  })
  const object = objects.get(placeKey(place))
  const name = object && member(object, 'name')
  const next = object?.members.get('next')
  const payload = object && member(object, 'payload')
  if (isExample || !name || !next)
    return obstacle('this is an example of what the endpoint sends; it must send "data_exchange" there')
  if (!canAnswer(setting, from, to))
    return obstacle('an endpoint could not answer with that screen: "routing_model" knows no way back but Back')
  const exchange = replaceValue(name, '"data_exchange"')
  const target = JSON.stringify(to)
  const change = {
    ...place,
    message: `${nameOf(by)} leads to ${to} by "data_exchange" instead of "navigate", with ${key} in its payload`,
  }
  if (payload?.kind !== 'object') {
    const content = `"payload": { ${JSON.stringify(key)}: ${target} }`
    return {
      steps: [{ edits: [exchange, { offset: next.offset, length: next.value.end - next.offset, content }], change }],
    }
  }
  if (payload.members.has(key))
    return obstacle(`submits ${quoted(key)} already; what names the screen needs another name`)
  const removal = removeMember(object, 'next')
  return {
    steps: [{ edits: [exchange, ...(removal ? [removal] : []), insertFirst(text, payload, [[key, target]])], change }],
  }
}

/** With the routes that are added. */
const canAnswer = ({ flowJson, missingRoutes }: Setting, from: string, to: string): boolean =>
  mayAnswer(flowJson, from, to) ||
  Boolean(missingRoutes.get(from)?.includes(to) || missingRoutes.get(to)?.includes(from))

function plannedRefreshes(setting: Setting, wanted: InstrumentOptions['refreshOnBack']): readonly Planned[] {
  const { flowJson } = setting
  const entries = entryScreens(flowJson)
  const ids =
    wanted === 'all' ? [...flowJson.screens.keys()].filter((id) => !entries.includes(id)) : [...new Set(wanted)]
  return ids.flatMap((id): readonly Planned[] => {
    const screen = flowJson.screens.get(id)
    if (!screen) return [{ obstacle: { ...TOP, message: noScreen(flowJson, id) } }]
    return screen.refreshOnBack ? [] : [{ steps: plannedRefresh(setting, screen) }]
  })
}

function plannedRefresh({ text, objects }: Setting, { id, place }: Screen): readonly Step[] {
  const object = objects.get(placeKey(place))
  const name = object?.members.get('id')
  if (!object || !name) return []
  const set = member(object, 'refresh_on_back')
  const edit = set ? replaceValue(set, 'true') : insertAfter(text, name, ['refresh_on_back', 'true'])
  return [{ edits: [edit], change: { ...place, message: `Back on ${id} asks the endpoint` } }]
}

/** What a flow needs to be answered by an endpoint, as far as it is not there. */
function plannedEndpoint({ text, root, flowJson, missingRoutes }: Setting): readonly Step[] {
  const version = root.members.get('version')
  if (!version) return []
  const step = (edit: Edit, message: string): Step => ({ edits: [edit], change: { ...version.place, message } })
  const api = insertAfter(text, version, ['data_api_version', '"3.0"'])
  const asking =
    flowJson.dataApiVersion === undefined
      ? [step(api, '"data_api_version" says that an endpoint answers the flow')]
      : []
  const model = member(root, 'routing_model')
  if (model?.kind === 'object') return [...asking, ...addedRoutes(text, model, missingRoutes)]
  const routes = [...flowJson.screens.keys()].map(
    (id) => `${JSON.stringify(id)}: ${JSON.stringify(missingRoutes.get(id) ?? [])}`,
  )
  const added = insertAfter(text, version, ['routing_model', `{ ${routes.join(', ')} }`])
  return [...asking, step(added, '"routing_model" says which screen may follow which')]
}

function addedRoutes(text: string, model: ObjectNode, missing: Routes): readonly Step[] {
  const newKeys = [...missing].filter(([from]) => !model.members.has(from))
  const longer = [...missing].flatMap(([from, to]) => {
    const list = member(model, from)
    return list?.kind === 'list' ? [{ from, to, list }] : []
  })
  const message = (from: string, to: readonly string[]) => `"routing_model" leads from ${from} to ${to.join(', ')}`
  return [
    ...longer.map(({ from, to, list }) => ({
      edits: [
        appendItems(
          text,
          list,
          to.map((id) => JSON.stringify(id)),
        ),
      ],
      change: { ...list.place, message: message(from, to) },
    })),
    ...newKeys.map(([from, to], index) => ({
      edits:
        index === 0
          ? [
              insertFirst(
                text,
                model,
                newKeys.map(([id, next]) => [id, JSON.stringify(next)]),
              ),
            ]
          : [],
      change: { ...model.place, message: message(from, to) },
    })),
  ]
}

/** Ways by `navigate` that no route allows in either direction. Only those forwards: Meta wants no circles. */
function missingRoutes(flowJson: FlowJson): Routes {
  const routes = new Map([...(flowJson.routingModel ?? [])].map(([from, to]) => [from, [...to]]))
  const missing = new Map<string, string[]>()
  for (const { from, to, by } of followUps(flowJson)) {
    if (by !== 'phone' || routes.get(from)?.includes(to) || leads(routes, to, from)) continue
    routes.set(from, [...(routes.get(from) ?? []), to])
    missing.set(from, [...(missing.get(from) ?? []), to])
  }
  return missing
}

function leads(routes: Routes, from: string, to: string): boolean {
  const seen = new Set<string>()
  const open = [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true
    if (!seen.has(id)) open.push(...(routes.get(id) ?? []))
    seen.add(id)
  }
  return false
}

const TOP: Place = { line: 1, column: 1 }

const noScreen = ({ screens }: FlowJson, id: string): string =>
  `there is no screen ${quoted(id)}${nearest(id, screens.keys())}`

const placeKey = ({ line, column }: Place): string => `${line}:${column}`

function objectsByPlace(node: JsonNode, found = new Map<string, ObjectNode>()): ReadonlyMap<string, ObjectNode> {
  if (node.kind === 'object') {
    found.set(placeKey(node.place), node)
    for (const { value } of node.members.values()) objectsByPlace(value, found)
  }
  if (node.kind === 'list') for (const item of node.items) objectsByPlace(item, found)
  return found
}
