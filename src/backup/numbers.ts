// What the reports say of a store, to be compared after a restore.

import { dayOf, dayPlus } from '../lib/days.ts'
import { sha256 } from '../lib/ids.ts'
import { openQueryWorker, type QueryWorker } from '../query-worker/query-worker.ts'
import { LONGEST_DAYS } from '../report/period.ts'
import type { FlowNumbers } from './manifest.ts'

/** By flow. */
export type Numbers = ReadonlyMap<string, FlowNumbers['atLeast']>

/** By flow and name of the report, what stands for its answer. */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Without `isCurrent`, there may be more by now than the numbers say. */
export type FoundNumbers = { readonly numbers: Numbers; readonly isCurrent: boolean }

/**
 * Sessions and completions of every flow in the days up to this instant, from the rollups, which are brought up to date before, by
 * so many refreshes at most. They depend on nothing in the config.
 */
export const numbersOf = (storeUri: string, at: number, refreshes?: number): Promise<FoundNumbers> =>
  withReports(storeUri, async (worker) => readNumbers(worker, at, refreshes))

/** The same with all answers of the reports, which the same version gives again for the same store. */
export const numbersAndAnswersOf = (
  storeUri: string,
  at: number,
): Promise<FoundNumbers & { readonly answers: Answers }> =>
  withReports(storeUri, async (worker) => {
    const found = await readNumbers(worker, at)
    const answers: Record<string, Record<string, string>> = {}
    for (const flow of found.numbers.keys()) {
      const given: Record<string, string> = {}
      for (const name of ANSWERED)
        given[name] = sha256(JSON.stringify(await worker.report(name, { flow, ...daysTo(at) }, at)))
      answers[flow] = given
    }
    return { ...found, answers }
  })

/** Those that need no more than a flow and its days. */
const ANSWERED = [
  'trend',
  'friction',
  'paths',
  'drivers',
  'latency',
  'time-to-convert',
  'quality',
  'errors',
  'health',
  'payloads',
] as const

/** On a thread of its own. */
async function withReports<T>(storeUri: string, work: (worker: QueryWorker) => Promise<T>): Promise<T> {
  const worker = openQueryWorker({
    storeUri,
    config: { server: { timezone: 'UTC' }, session: { gap: 0, lost_after: 0, repeat_window: 0 } },
    flows: new Map(),
  })
  try {
    return await work(worker)
  } finally {
    await worker.close()
  }
}

async function readNumbers(
  worker: QueryWorker,
  at: number,
  refreshes = Number.POSITIVE_INFINITY,
): Promise<FoundNumbers> {
  let isStale = true
  for (let turn = 0; isStale && turn < refreshes; turn++) isStale = (await worker.refresh()).isStale
  const result = await worker.report('overview', daysTo(at), at)
  if (!result.ok) throw new Error(result.message)
  const lines = result.report.flows.map(({ flow, sessions, completed }) => [flow, { sessions, completed }] as const)
  return { numbers: new Map(lines), isCurrent: !isStale }
}

function daysTo(at: number) {
  const until = dayOf(at, 'UTC')
  return { from: dayPlus(until, 1 - LONGEST_DAYS), until }
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
