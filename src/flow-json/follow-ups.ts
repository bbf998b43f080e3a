// Which screens may follow which, who brings people there, and where a flow begins and ends.

import type { Action, FlowJson, Screen } from './flow-json.ts'

export type FollowUp = {
  readonly from: string
  readonly to: string
  /** By `endpoint` after a `data_exchange`, which it sees; by `phone` with `navigate`, which nobody sees. */
  readonly by: 'endpoint' | 'phone'
  /** The actions that lead there. */
  readonly actions: readonly Action[]
}

/** Forwards, without Back and without the screen itself, which an endpoint may always answer with again. */
export function followUps(flowJson: FlowJson): readonly FollowUp[] {
  return [...flowJson.screens.values()].flatMap((screen) => [...byPhone(screen), ...byEndpoint(flowJson, screen)])
}

/**
 * Whether an endpoint may answer a request from `from` with screen `to`: the same screen, one that may follow, or one that it
 * follows. From undefined, when the flow is opened: an entry screen. By Meta's "Flow JSON", routing rules.
 */
export function mayAnswer(flowJson: FlowJson, from: string | undefined, to: string): boolean {
  if (from === undefined) return entryScreens(flowJson).includes(to)
  const { routingModel, screens } = flowJson
  if (from === to) return screens.has(to)
  return Boolean(routingModel?.get(from)?.includes(to) || routingModel?.get(to)?.includes(from))
}

/** Those that no other leads to; by the routing model if there is one, else by `navigate`. */
export function entryScreens(flowJson: FlowJson): readonly string[] {
  const ids = [...flowJson.screens.keys()]
  const isReached = new Set(forwardRoutes(flowJson).map(([, to]) => to))
  const entries = ids.filter((id) => !isReached.has(id))
  return entries.length > 0 ? entries : ids.slice(0, 1)
}

/** From which nothing leads on and nothing ends the flow: people can only go Back or close it. */
export const screensWithoutExit = ({ screens }: FlowJson): ReadonlySet<string> =>
  new Set([...screens.values()].filter((screen) => !hasExit(screen)).map(({ id }) => id))

/** That no way leads to from an entry screen. */
export function unreachableScreens(flowJson: FlowJson): readonly string[] {
  const next = Map.groupBy(followUps(flowJson), ({ from }) => from)
  const reached = reachedFrom(entryScreens(flowJson), (id) => (next.get(id) ?? []).map(({ to }) => to))
  return [...flowJson.screens.keys()].filter((id) => !reached.has(id))
}

/** These screens, and all that ways lead to from them. */
export function reachedFrom(
  screens: readonly string[],
  after: (screen: string) => readonly string[],
): ReadonlySet<string> {
  const reached = new Set(screens)
  // Those that are added on the way are gone through, too.
  for (const id of reached) for (const to of after(id)) reached.add(to)
  return reached
}

/** A list whose items are sent can have actions that no example shows. */
const hasExit = ({ id, actions, components }: Screen): boolean =>
  actions.some(({ kind, target }) => !STAYING.includes(kind) && target !== id) ||
  components.some(({ type, options }) => type === 'NavigationList' && options?.from !== 'list')

const STAYING: readonly string[] = ['update_data', 'open_url']

function byPhone({ id, actions }: Screen): readonly FollowUp[] {
  const navigations = Map.groupBy(actions, ({ target }) => target)
  return [...navigations].flatMap(([to, group]) =>
    to === undefined || to === id ? [] : [{ from: id, to, by: 'phone' as const, actions: group }],
  )
}

function byEndpoint({ routingModel, screens }: FlowJson, { id, actions }: Screen): readonly FollowUp[] {
  const exchanges = actions.filter(({ kind }) => kind === 'data_exchange')
  if (exchanges.length === 0) return []
  const targets = new Set(routingModel?.get(id) ?? [])
  return [...targets]
    .filter((to) => to !== id && screens.has(to))
    .map((to) => ({ from: id, to, by: 'endpoint' as const, actions: exchanges }))
}

function forwardRoutes({ routingModel, screens }: FlowJson): readonly (readonly [string, string])[] {
  if (routingModel)
    return [...routingModel].flatMap(([from, to]) => to.filter((id) => id !== from).map((id) => [from, id] as const))
  return [...screens.values()].flatMap(({ id, actions }) =>
    actions.flatMap(({ target }) => (target === undefined || target === id ? [] : [[id, target] as const])),
  )
}
