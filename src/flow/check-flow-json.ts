// Holds a flow's config against its Flow JSON. What goes wrong on a phone for certain is a mistake; what may be meant is odd.

import { conflictingNames } from '../flow-json/conflicting-names.ts'
import type { Screen as JsonScreen } from '../flow-json/flow-json.ts'
import { entryScreens, mayAnswer, screensWithoutExit, unreachableScreens } from '../flow-json/follow-ups.ts'
import { measurability } from '../flow-json/measurability.ts'
import { didYouMean, suggest } from '../lib/suggest.ts'
import { checkJsonData } from './check-json-data.ts'
import { checkJsonFields } from './check-json-fields.ts'
import { targetsIn } from './check-references.ts'
import type { FlowProblem, KeyPath } from './compile-field.ts'
import { type Flow, isAnsweredElsewhere, type Screen, screensSent } from './definition.ts'
import { asksUs, type FlowJsonSource, type Holding } from './holding.ts'
import type { FlowConfig, ScreenConfig } from './schema.ts'

export type Comparison = { readonly mistakes: readonly FlowProblem[]; readonly oddities: readonly FlowProblem[] }

export function compareWithFlowJson(config: FlowConfig, flow: Flow, { flowJson, file }: FlowJsonSource): Comparison {
  const mistakes: FlowProblem[] = []
  const oddities: FlowProblem[] = []
  const holding: Holding = {
    config,
    flow,
    flowJson,
    at: ({ line, column }) => `(${file}:${line}:${column})`,
    mistake: (path, message, at = 'value') => mistakes.push({ path, at, message }),
    odd: (path, message, at = 'value') => oddities.push({ path, at, message }),
  }
  checkScreens(holding)
  checkEntries(holding)
  const sent = screensSent(flow)
  const withoutExit = screensWithoutExit(flowJson)
  const ends = new Map(measurability(flowJson).map(({ screen, end }) => [screen, end]))
  for (const screen of flow.screens.values()) {
    const { inFlowJson } = screen
    if (!inFlowJson) continue
    checkRoutes(holding, screen, inFlowJson)
    const isSent = sent.has(screen.id)
    checkExits(holding, screen, inFlowJson, isSent && ends.get(screen.id) === 'phone')
    if (isSent && withoutExit.has(screen.id))
      holding.odd(
        ['screens', screen.id],
        `nobody can leave screen ${screen.id} ${holding.at(inFlowJson.place)}: none of its actions leads on or ends the flow`,
        'key',
      )
    checkJsonData(holding, screen, inFlowJson, isSent)
  }
  checkJsonFields(holding)
  for (const { message, uses } of conflictingNames(flowJson))
    holding.odd(['screens'], uses[0] ? `${message} ${holding.at(uses[0].place)}` : message, 'key')
  return { mistakes, oddities }
}

function checkScreens({ flow, flowJson, at, mistake }: Holding): void {
  const ids = [...flowJson.screens.keys()]
  const misspelt = new Set<string>()
  for (const id of flow.screens.keys()) {
    if (flowJson.screens.has(id)) continue
    const free = ids.filter((other) => !flow.screens.has(other))
    const near = suggest(id, free)
    if (near !== undefined) misspelt.add(near)
    mistake(['screens', id], `the Flow JSON has no screen ${id}${didYouMean(id, free)}`, 'key')
  }
  const unreachable = unreachableScreens(flowJson)
  for (const screen of flowJson.screens.values()) {
    const { id, place } = screen
    if (flow.screens.has(id) || misspelt.has(id) || unreachable.includes(id)) continue
    if (screen.actions.some(({ kind }) => kind === 'data_exchange'))
      mistake(
        ['screens'],
        `screen ${id} of the Flow JSON ${at(place)} asks the endpoint, and is not defined here, so that each of its requests would fail`,
        'key',
      )
  }
}

/** A flow whose first screen is none of ours is opened by the phone; then nobody asks us for `start`. */
function checkEntries({ config, flow, flowJson, at, mistake }: Holding): void {
  const entries = entryScreens(flowJson)
  if (!entries.some((id) => flow.screens.has(id))) return
  const check = (id: string, path: KeyPath) => {
    const screen = flowJson.screens.get(id)
    if (screen && !mayAnswer(flowJson, undefined, id))
      mistake(
        path,
        `a flow cannot be opened with screen ${id}, as others lead there ${at(screen.place)}; expected ${entries.join(' or ')}`,
      )
  }
  check(config.start, ['start'])
  for (const [path, to] of targetsIn(config.open?.next, ['open'])) check(to, path)
}

function checkRoutes({ config, flowJson, at, mistake }: Holding, { id }: Screen, { place }: JsonScreen): void {
  const { routingModel } = flowJson
  if (!routingModel) return
  const { next, on } = config.screens[id] as ScreenConfig
  const all = [
    ...targetsIn(next, ['screens', id]),
    ...Object.entries(on).flatMap(([name, exchange]) => targetsIn(exchange.next, ['screens', id, 'on', name])),
  ]
  for (const [path, to] of all)
    if (flowJson.screens.has(to) && !mayAnswer(flowJson, id, to)) {
      const listed = routingModel.get(id) ?? []
      const allowed = listed.length === 0 ? 'nothing' : listed.join(', ')
      mistake(path, `"routing_model" lets ${allowed} follow ${id} ${at(place)}, not ${to}`)
    }
}

/** `endsUnseen`: whether people that we lead there end the flow on the phone. */
function checkExits(holding: Holding, screen: Screen, json: JsonScreen, endsUnseen: boolean): void {
  const { config, flow, at, mistake, odd } = holding
  const { id, submission, on, ends } = screen
  const { place } = json
  const leads = submission.next.length > 0
  if (!asksUs(json) && (leads || on.length > 0)) {
    const { complete } = config.screens[id] as ScreenConfig
    const key = leads ? (complete ? 'complete' : 'next') : 'on'
    odd(
      ['screens', id, key],
      `no action of screen ${id} is a data_exchange ${at(place)}, so \`${key}\` is never used`,
      'key',
    )
  }
  const isLed = leads || isAnsweredElsewhere(flow, screen)
  if (!isLed && on.length === 0 && flow.trigger === undefined && json.actions.some(isExchange))
    mistake(
      ['screens', id],
      `screen ${id} asks the endpoint ${at(json.actions.find(isExchange)?.place ?? place)}, and nothing says what follows; expected \`next\` or \`complete\``,
      'key',
    )
  if (endsUnseen && ends === undefined)
    odd(
      ['screens', id],
      `the phone ends the flow on screen ${id} ${at(json.actions.find(isCompletion)?.place ?? place)}, which nobody sees; ` +
        '`ends: completed` or `ends: unfinished` says how being sent it counts',
      'key',
    )
  if (ends !== undefined && !json.actions.some(isCompletion) && asksUs(json))
    odd(
      ['screens', id, 'ends'],
      `the phone does not end the flow on screen ${id} ${at(place)}: none of its actions is \`complete\``,
      'key',
    )
}

const isExchange = ({ kind }: JsonScreen['actions'][number]): boolean => kind === 'data_exchange'
const isCompletion = ({ kind }: JsonScreen['actions'][number]): boolean => kind === 'complete'
