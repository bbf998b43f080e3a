// What the reports say of a store, to be compared after a restore.

import { dayOf, dayPlus } from '../lib/days.ts'
import { openQueryWorker } from '../query-worker/query-worker.ts'
import { LONGEST_DAYS } from '../report/period.ts'
import type { FlowNumbers } from './manifest.ts'

/** By flow. */
export type Numbers = ReadonlyMap<string, FlowNumbers['atLeast']>

/** Without `isCurrent`, there may be more by now than the numbers say. */
export type FoundNumbers = { readonly numbers: Numbers; readonly isCurrent: boolean }

/**
 * Sessions and completions of every flow in the days up to this instant, from the rollups, which are brought up to date before, by
 * so many refreshes at most. They depend on nothing in the config. On a thread of its own.
 */
export async function numbersOf(
  storeUri: string,
  at: number,
  refreshes = Number.POSITIVE_INFINITY,
): Promise<FoundNumbers> {
  const worker = openQueryWorker({
    storeUri,
    config: { server: { timezone: 'UTC' }, session: { gap: 0, lost_after: 0, repeat_window: 0 } },
    flows: new Map(),
  })
  try {
    let isStale = true
    for (let turn = 0; isStale && turn < refreshes; turn++) isStale = (await worker.refresh()).isStale
    const until = dayOf(at, 'UTC')
    const result = await worker.report('overview', { from: dayPlus(until, 1 - LONGEST_DAYS), until }, at)
    if (!result.ok) throw new Error(result.message)
    const lines = result.report.flows.map(({ flow, sessions, completed }) => [flow, { sessions, completed }] as const)
    return { numbers: new Map(lines), isCurrent: !isStale }
  } finally {
    await worker.close()
  }
}

/** Of a copy of one instant. */
export const exactly = ({ numbers }: FoundNumbers): FlowNumbers[] =>
  [...numbers].map(([flow, found]) => ({ flow, atLeast: found, atMost: found }))

/** Of a copy that was read between `before` and `after`. */
export const between = (before: FoundNumbers, after: FoundNumbers): FlowNumbers[] =>
  [...after.numbers].map(([flow, atMost]) => ({
    flow,
    atLeast: before.numbers.get(flow) ?? { sessions: 0, completed: 0 },
    ...(after.isCurrent && { atMost }),
  }))
