// What a flow needs to be answered by an endpoint, added where it is missing: `data_api_version`, and routes in `routing_model`.

import type { Edit } from 'jsonc-parser'
import type { FlowJson, Place } from './flow-json.ts'
import { followUps, reachedFrom } from './follow-ups.ts'
import { member, type ObjectNode } from './json-tree.ts'
import { appendItems, insertAfter, insertFirst } from './text-edits.ts'

export type Change = Place & { readonly message: string }

/** A change and how the text is edited for it. */
export type Step = { readonly edits: readonly Edit[]; readonly change: Change }

/** By screen, those that may follow it. */
export type Routes = ReadonlyMap<string, readonly string[]>

export function endpointSteps(text: string, root: ObjectNode, flowJson: FlowJson): readonly Step[] {
  const version = root.members.get('version')
  if (!version) return []
  const step = (edit: Edit, message: string): Step => ({ edits: [edit], change: { ...version.place, message } })
  const api = insertAfter(text, version, ['data_api_version', '"3.0"'])
  const asking =
    flowJson.dataApiVersion === undefined
      ? [step(api, '"data_api_version" says that an endpoint answers the flow')]
      : []
  const missing = missingRoutes(flowJson)
  const model = member(root, 'routing_model')
  if (model?.kind === 'object') return [...asking, ...routeSteps(text, model, missing)]
  const routes = [...flowJson.screens.keys()].map((id) => `${JSON.stringify(id)}: ${listed(missing.get(id) ?? [])}`)
  const added = insertAfter(text, version, ['routing_model', `{ ${routes.join(', ')} }`])
  return [...asking, step(added, '"routing_model" says which screen may follow which')]
}

/** Ways by `navigate` that no route allows in either direction. Only those forwards: Meta wants no circles. */
export function missingRoutes(flowJson: FlowJson): Routes {
  const routes = new Map([...(flowJson.routingModel ?? [])].map(([from, to]) => [from, [...to]]))
  const missing = new Map<string, string[]>()
  const leads = (from: string, to: string) => reachedFrom([from], (id) => routes.get(id) ?? []).has(to)
  for (const { from, to, by } of followUps(flowJson)) {
    if (by !== 'phone' || routes.get(from)?.includes(to) || leads(to, from)) continue
    routes.set(from, [...(routes.get(from) ?? []), to])
    missing.set(from, [...(missing.get(from) ?? []), to])
  }
  return missing
}

function routeSteps(text: string, model: ObjectNode, missing: Routes): readonly Step[] {
  const message = (from: string, to: readonly string[]) => `"routing_model" leads from ${from} to ${to.join(', ')}`
  const longer = [...missing].flatMap(([from, to]): readonly Step[] => {
    const list = member(model, from)
    if (list?.kind !== 'list') return []
    const ids = to.map((id) => JSON.stringify(id))
    return [{ edits: [appendItems(text, list, ids)], change: { ...list.place, message: message(from, to) } }]
  })
  const added = [...missing].filter(([from]) => !model.members.has(from))
  if (added.length === 0) return longer
  const edit = insertFirst(
    text,
    model,
    added.map(([from, to]) => [from, listed(to)]),
  )
  const [first, ...rest] = added.map(([from, to]) => ({ ...model.place, message: message(from, to) }))
  return [
    ...longer,
    ...(first ? [{ edits: [edit], change: first }] : []),
    ...rest.map((change) => ({ edits: [], change })),
  ]
}

const listed = (ids: readonly string[]): string => `[${ids.map((id) => JSON.stringify(id)).join(', ')}]`
