// The steps of a funnel, by which screen follows which.

import type { Json } from '../lib/json.ts'

export type Way = { readonly from: string; readonly to: string }

/** Along the longest way from the first screen; what is equally far is one step. `steps`: the screens that count, in their order. */
export function funnelAlong(start: string, ways: readonly Way[], steps: readonly string[]): readonly Json[] {
  const distance = distancesFrom(start, ways)
  const byDistance = Map.groupBy(
    steps.filter((id) => distance.has(id)),
    (id) => distance.get(id) as number,
  )
  return [...byDistance].toSorted(([a], [b]) => a - b).map(([, ids]) => (ids.length === 1 ? (ids[0] as string) : ids))
}

/** How many steps the longest way to each screen has; ways that lead round in a circle are not gone. */
function distancesFrom(start: string, ways: readonly Way[]) {
  const after = Map.groupBy(ways, ({ from }) => from)
  const isDone = new Map<string, boolean>()
  const order: string[] = []
  const forwards: Way[] = []
  const visit = (id: string): void => {
    isDone.set(id, false)
    for (const way of after.get(id) ?? []) {
      if (isDone.get(way.to) === false) continue
      forwards.push(way)
      if (!isDone.has(way.to)) visit(way.to)
    }
    isDone.set(id, true)
    order.unshift(id)
  }
  visit(start)
  const next = Map.groupBy(forwards, ({ from }) => from)
  const distance = new Map([[start, 0]])
  for (const id of order)
    for (const { to } of next.get(id) ?? [])
      distance.set(to, Math.max(distance.get(to) ?? 0, (distance.get(id) ?? 0) + 1))
  return distance
}
