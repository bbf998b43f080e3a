// Notes on what Meta may refuse when the Flow JSON is uploaded, or a phone when the flow runs. By Meta's "Flow JSON" and "Flows error codes".

import { type Findings, quoted } from './findings.ts'
import type { Action, FlowJson, Place, Screen } from './flow-json.ts'
import { type Infer, inferTypesIn } from './infer.ts'
import { nameOf } from './read-action.ts'
import { fits, typeName } from './value-type.ts'
import { versionNumber } from './versions.ts'

const TOP: Place = { line: 1, column: 1 }
const MOST_ROUTES = 10

/** Of a Flow JSON without mistakes. */
export function checkRules(flowJson: FlowJson, findings: Findings): void {
  const screens = [...flowJson.screens.values()]
  const exchange = screens.flatMap(({ actions }) => actions).find(({ kind }) => kind === 'data_exchange')
  if (exchange && flowJson.dataApiVersion === undefined)
    findings.note(
      exchange.place,
      () => 'a "data_exchange" asks an endpoint, but the Flow JSON has no "data_api_version"',
    )
  if (flowJson.dataApiVersion !== undefined && !flowJson.routingModel)
    findings.note(TOP, () => 'a flow with "data_api_version" needs a "routing_model"')
  if (!screens.some(({ isTerminal, isSuccess }) => isTerminal && isSuccess))
    findings.note(TOP, () => 'no screen is "terminal" and a success, so that the flow has no end')
  checkRoutes(flowJson, findings)
  checkSelections(flowJson, findings)
  const infer = inferTypesIn(flowJson)
  for (const screen of screens) {
    checkEnd(screen, findings)
    for (const action of screen.actions) checkNavigation(action, screen, flowJson, infer, findings)
  }
}

function checkRoutes({ routingModel, screens }: FlowJson, findings: Findings): void {
  if (!routingModel) return
  for (const { id, place } of screens.values())
    if (!routingModel.has(id)) findings.note(place, () => `screen ${quoted(id)} is not in "routing_model"`)
  for (const [from, to] of routingModel) {
    const place = screens.get(from)?.place ?? TOP
    if (to.includes(from))
      findings.note(place, () => `"routing_model" leads from ${quoted(from)} to itself, which needs no route`)
    if (to.length > MOST_ROUTES)
      findings.note(
        place,
        () => `"routing_model" has ${to.length} screens after ${quoted(from)}; Meta allows ${MOST_ROUTES}`,
      )
  }
}

/** Meta's changelog: 6.0 brought it, 7.0 took it back. */
function checkSelections({ version, screens }: FlowJson, findings: Findings): void {
  const number = versionNumber(version) ?? 0
  if (number < 600 || number >= 700) return
  for (const { actions } of screens.values()) {
    const action = actions.find(({ kind, event }) => kind === 'data_exchange' && event === 'on-select-action')
    if (action)
      findings.note(
        action.place,
        () =>
          `from version 6.0 until 7.0 "on-select-action" is also sent when the screen is shown, without anybody choosing`,
      )
  }
}

function checkEnd({ id, place, isTerminal, components, actions }: Screen, findings: Findings): void {
  if (isTerminal && !components.some(({ type }) => type === 'Footer'))
    findings.note(place, () => `screen ${quoted(id)} is "terminal", but has no Footer`)
  const complete = actions.find(({ kind }) => kind === 'complete')
  if (complete && !isTerminal)
    findings.note(
      complete.place,
      () => `${nameOf(complete.by)} of screen ${quoted(id)} ends the flow, but the screen is not "terminal"`,
    )
}

/** What a `navigate` gives the next screen, against what that declares. */
function checkNavigation(action: Action, { id }: Screen, flowJson: FlowJson, infer: Infer, findings: Findings): void {
  const target = action.target === undefined ? undefined : flowJson.screens.get(action.target)
  if (!target) return
  const who = `${nameOf(action.by)} of screen ${quoted(id)}`
  const { routingModel } = flowJson
  if (routingModel && !routingModel.get(id)?.includes(target.id) && !routingModel.get(target.id)?.includes(id))
    findings.note(
      action.place,
      () => `${who} navigates to ${quoted(target.id)}, but "routing_model" does not lead there`,
    )
  for (const name of target.data.keys())
    if (!action.payload.has(name))
      findings.note(
        action.place,
        () => `${who} navigates to ${quoted(target.id)} without ${quoted(name)}, which that screen declares`,
      )
  for (const [name, value] of action.payload) {
    const declared = target.data.get(name)?.type
    if (!declared)
      findings.note(
        value.place,
        () => `${who} navigates to ${quoted(target.id)} with ${quoted(name)}, which that screen does not declare`,
      )
    else if (!fits(infer(id, value).type, declared))
      findings.note(
        value.place,
        () =>
          `${quoted(name)} is ${typeName(infer(id, value).type)} here, but screen ${quoted(target.id)} declares it as ${typeName(declared)}`,
      )
  }
}
