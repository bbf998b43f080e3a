// Makes a Flow JSON tell its endpoint more: ways that only the phone sees become requests, and Back asks.

import { applyEdits } from 'jsonc-parser'
import { type Change, endpointSteps, missingRoutes, type Routes, type Step } from './endpoint-steps.ts'
import { createFindings, nearest, quoted } from './findings.ts'
import type { Action, Finding, FlowJson, Place, Screen } from './flow-json.ts'
import { entryScreens, type FollowUp, followUps, mayAnswer } from './follow-ups.ts'
import { type JsonNode, member, type ObjectNode, readJson } from './json-tree.ts'
import { nameOf } from './read-action.ts'
import { readFlowJson } from './read-flow-json.ts'
import { insertAfter, insertFirst, removeMember, replaceValue } from './text-edits.ts'

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
      /** Actions that stay as they are, and why. */
      readonly leftOut: readonly Change[]
    }
  | { readonly ok: false; readonly mistakes: readonly Finding[] }

type Planned = Step | { readonly obstacle: Change }

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
  const ways = plannedWays(setting, options.edges)
  const refreshes = plannedRefreshes(setting, options.refreshOnBack)
  const impossible = options.edges === 'all' ? [] : ways.filter((plans) => plans.every((plan) => 'obstacle' in plan))
  const mistakes = obstacles([...impossible.flat(), ...refreshes])
  if (mistakes.length > 0)
    return { ok: false, mistakes: mistakes.map((mistake) => ({ file: options.file, ...mistake })) }
  const asked = [...ways.flat(), ...refreshes].flatMap((plan) => ('obstacle' in plan ? [] : [plan]))
  const steps = asked.length === 0 ? [] : [...asked, ...endpointSteps(text, root, flowJson)]
  const edits = steps.flatMap(({ edits }) => edits)
  const changes = steps.map(({ change }) => change).sort((a, b) => a.line - b.line || a.column - b.column)
  return { ok: true, text: applyEdits(text, edits), changes, leftOut: obstacles(ways.flat()) }
}

type Setting = {
  readonly text: string
  readonly root: ObjectNode
  readonly flowJson: FlowJson
  readonly key: string
  readonly objects: ReadonlyMap<string, ObjectNode>
  readonly missingRoutes: Routes
}

const obstacles = (plans: readonly Planned[]): readonly Change[] =>
  plans.flatMap((plan) => ('obstacle' in plan ? [plan.obstacle] : []))

/** For each way its actions. */
function plannedWays(setting: Setting, edges: InstrumentOptions['edges']): readonly (readonly Planned[])[] {
  const { flowJson } = setting
  const ways = followUps(flowJson).filter(({ by }) => by === 'phone')
  const planned = ({ from, to, actions }: FollowUp) => actions.map((action) => plannedAction(setting, action, from, to))
  if (edges === 'all') return ways.map(planned)
  const wanted = new Map(edges.map(({ from, to }) => [JSON.stringify([from, to]), { from, to }]))
  return [...wanted.values()].map(({ from, to }) => {
    const way = ways.find((other) => other.from === from && other.to === to)
    if (way) return planned(way)
    const unknown = [from, to].find((id) => !flowJson.screens.has(id))
    if (unknown !== undefined) return [{ obstacle: { ...TOP, message: noScreen(flowJson, unknown) } }]
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
    return obstacle(
      'an endpoint could not answer with that screen: a route there would lead "routing_model" in a circle',
    )
  const exchange = replaceValue(name, '"data_exchange"')
  const target = JSON.stringify(to)
  const change = {
    ...place,
    message: `${nameOf(by)} leads to ${to} by "data_exchange" instead of "navigate", with ${key} in its payload`,
  }
  if (payload?.kind !== 'object') {
    const content = `"payload": { ${JSON.stringify(key)}: ${target} }`
    return { edits: [exchange, { offset: next.offset, length: next.value.end - next.offset, content }], change }
  }
  if (payload.members.has(key))
    return obstacle(`submits ${quoted(key)} already; what names the screen needs another name`)
  const removal = removeMember(object, 'next')
  return { edits: [exchange, ...(removal ? [removal] : []), insertFirst(text, payload, [[key, target]])], change }
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
    return screen.refreshOnBack ? [] : plannedRefresh(setting, screen)
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
