// A flow as it was understood, in words: what each screen is sent, what it submits, what may follow, which APIs are called when.

import {
  type Branch,
  type Call,
  type Field,
  type Flow,
  isAnsweredElsewhere,
  type Screen,
  type Submission,
} from '../flow/definition.ts'
import type { Screen as JsonScreen } from '../flow-json/flow-json.ts'
import { followUps } from '../flow-json/follow-ups.ts'
import { measurability } from '../flow-json/measurability.ts'
import { titleOf } from '../flow-json/titles.ts'

/** One line: what of the flow nobody can see. Undefined without a Flow JSON. */
export function measuredLine({ flowJson }: Flow): string | undefined {
  if (!flowJson) return undefined
  const screens = measurability(flowJson)
  const idsOf = (kept: (screen: (typeof screens)[number]) => boolean) =>
    screens.filter(kept).map(({ screen }) => screen)
  const unseen = [
    ['going on from', idsOf(({ leaving }) => leaving === 'unseen' || leaving === 'partly')],
    ['Back on', idsOf(({ back }) => back === 'unseen')],
    ['the end on', idsOf(({ end }) => end === 'phone' || end === 'both')],
  ] as const
  const parts = unseen.flatMap(([what, ids]) => (ids.length === 0 ? [] : [`${what} ${listed(ids)}`]))
  if (parts.length === 0) return 'every step, Back and end is seen'
  return `not seen: ${parts.join('; ')}`
}

const MOST_NAMES = 5

const listed = (ids: readonly string[]): string =>
  ids.length <= MOST_NAMES
    ? ids.join(', ')
    : `${ids.slice(0, MOST_NAMES).join(', ')} and ${ids.length - MOST_NAMES} more`

/** `flowJsonFile`: what the places in it are told with. */
export function explainFlow(flow: Flow, flowJsonFile = 'the Flow JSON'): readonly string[] {
  const inJsonOnly = [...(flow.flowJson?.screens.values() ?? [])].filter(({ id }) => !flow.screens.has(id))
  const advice = new Map(
    (flow.flowJson ? measurability(flow.flowJson) : []).map(({ screen, advice }) => [screen, advice]),
  )
  const unseenOn = (id: string) =>
    (advice.get(id) ?? []).map(
      ({ line, column, message }) => ['not seen', `${flowJsonFile}:${line}:${column} ${message}`] as const,
    )
  return [
    `flow ${flow.key}${answeredBy(flow)}`,
    ...rows([['opened', whenOpened(flow)]], '  '),
    ...[...flow.screens.values()].flatMap((screen) => [
      `  ${heading(screen.id, screen.inFlowJson)}`,
      ...rows([...rowsOf(screen), ...phoneRows(flow, screen.id, screen.inFlowJson), ...unseenOn(screen.id)], '    '),
    ]),
    ...inJsonOnly.flatMap((screen) => [
      `  ${heading(screen.id, screen)}, the phone’s alone`,
      ...rows([...phoneRows(flow, screen.id, screen), ...unseenOn(screen.id)], '    '),
    ]),
  ]
}

type Row = readonly [name: string, text: string]

const rows = (all: readonly Row[], indent: string): readonly string[] =>
  all.filter(([, text]) => text !== '').map(([name, text]) => `${indent}${name.padEnd(10)} ${text}`)

function heading(id: string, inFlowJson: JsonScreen | undefined): string {
  const title = titleOf(inFlowJson)
  return title === undefined ? id : `${id} (${title})`
}

function answeredBy({ tap, forward, isLearning }: Flow): string {
  const learned = isLearning ? '; what the config does not say is learned from what passes' : ''
  if (tap) return `, answered by the endpoint at ${hostOf(tap.url)}${learned}`
  return forward ? `, answered by the server at ${hostOf(forward.config.url)}${learned}` : ''
}

/** Without what may be secret in the address. */
const hostOf = (url: string): string => URL.parse(url)?.host ?? ''

function whenOpened(flow: Flow): string {
  const { open, start } = flow
  if (isAnsweredElsewhere(flow)) return start
  const asked = open.ask.length > 0 ? `asks ${open.ask.map(callText).join(', ')}; then ` : ''
  return `${asked}${open.next.length > 0 ? open.next.map(branchText).join('; ') : start}`
}

function rowsOf({ ask, data, fields, on, submission, forward, ends }: Screen): readonly Row[] {
  return [
    ['asks', ask.map(callText).join(', ')],
    ['sent with', data.map(({ name }) => name).join(', ')],
    ['submits', fields.map(fieldText).join(', ')],
    ...submissionRows(submission),
    ['then', forward ? `what the server at ${hostOf(forward.config.url)} says` : ''],
    ...on.flatMap((exchange): readonly Row[] => [
      [`on ${exchange.name}`, `when ${oneLine(exchange.when.text)}`],
      ...submissionRows(exchange, '  '),
    ]),
    ['ends', ends === undefined ? '' : `on the phone, ${ends}`],
  ]
}

const submissionRows = ({ do: calls, set, next }: Submission, indent = ''): readonly Row[] => [
  [`${indent}calls`, calls.map(callText).join(', ')],
  [`${indent}sets`, set.map(({ name }) => name).join(', ')],
  [`${indent}then`, next.map(branchText).join('; ')],
]

/** What the phone does by itself. */
function phoneRows({ flowJson }: Flow, id: string, screen: JsonScreen | undefined): readonly Row[] {
  if (!flowJson || !screen) return []
  const targets = followUps(flowJson).flatMap(({ from, to, by }) => (from === id && by === 'phone' ? [to] : []))
  const ends = screen.actions.some(({ kind }) => kind === 'complete') ? ['ends the flow'] : []
  return [['the phone', [...(targets.length > 0 ? [`leads to ${targets.join(', ')}`] : []), ...ends].join(', ')]]
}

function callText({ name, api, when }: Call): string {
  const called = name === api.name ? name : `${name} (${api.name})`
  return `${called} by ${api.config.method}${when ? ` when ${oneLine(when.text)}` : ''}`
}

function fieldText({ name, config, required, isInferred }: Field): string {
  if (isInferred) return `${name} (${config.type})`
  const need = required === true ? ', required' : required === false ? '' : `, required when ${oneLine(required.text)}`
  return `${name} (${config.type}${need})`
}

function branchText(branch: Branch): string {
  const what = branch.kind === 'to' ? branch.to : { stay: 'stays', complete: 'completes', close: 'closes' }[branch.kind]
  return branch.when ? `${what} when ${oneLine(branch.when.text)}` : what
}

const LONGEST = 80

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line
}
