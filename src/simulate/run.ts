// Many people walking a flow against an endpoint, and what came of it.

import pMap from 'p-map'
import { createPeople, type PeopleDeps, type PeopleOptions } from './people.ts'
import type { Findings, RunTotals } from './run-counts.ts'

export type SimulateOptions = PeopleOptions & {
  /** How many people come, and how many at most at the same time. */
  readonly sessions: number
  readonly concurrency: number
  /** People who start per second; absent: the next comes as soon as one leaves. */
  readonly rate?: number
  /** 1: as slow as people are · 0.05: twenty times faster · 0: flat out. */
  readonly pace: number
}

export type SimulateDeps = Omit<PeopleDeps, 'sleep'> & {
  /** Resolves early when the signal aborts; then nobody else starts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  readonly onProgress?: (progress: RunProgress) => void
}

export type RunProgress = { readonly finished: number; readonly sessions: number }

export type RunReport = RunTotals & {
  readonly flow: string
  readonly url: string
  readonly seed: string
  readonly durationMs: number
  readonly requestsPerSecond: number
  /** What went wrong on our side, where that can be seen. */
  readonly faults?: Findings
}

export async function simulate(options: SimulateOptions, deps: SimulateDeps): Promise<RunReport> {
  const { sessions, rate, pace } = options
  const { now, sleep, signal } = deps
  const people = createPeople(options, { ...deps, sleep: (ms) => wait(sleep, ms * pace, signal) })
  const startedAt = now()
  let finished = 0

  const meet = async (index: number) => {
    if (rate !== undefined) await wait(sleep, startedAt + (index / rate) * 1_000 - now(), signal)
    if (signal?.aborted) return

    const end = await people.meet(index)
    deps.onProgress?.({ finished: ++finished, sessions })
    if (end.how === 'unreachable') await wait(sleep, RECOVERY_MS, signal)
  }
  await pMap(Array(sessions).keys(), meet, { concurrency: options.concurrency })

  const totals = people.totals()
  const durationMs = now() - startedAt
  const answers = Object.values(totals.statuses).reduce((sum, count) => sum + count, 0)
  const requestsPerSecond = durationMs > 0 ? Math.round(answers / (durationMs / 1_000)) : 0
  return {
    flow: options.flow.key,
    url: options.url,
    seed: options.seed,
    ...totals,
    durationMs: Math.round(durationMs),
    requestsPerSecond,
  }
}

/** Leaves some people for after a restart of the endpoint. */
const RECOVERY_MS = 250

async function wait(sleep: SimulateDeps['sleep'], ms: number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = ms; left > 0 && !signal?.aborted; left -= LONGEST_SLEEP_MS)
    await sleep(Math.min(left, LONGEST_SLEEP_MS), signal)
}

/** A longer timer would end at once. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1
