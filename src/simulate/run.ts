// Many people walking a flow against an endpoint, and what came of it.

import type { KeyObject } from 'node:crypto'
import pMap from 'p-map'
import type { Flow } from '../flow/definition.ts'
import { dayOf } from '../lib/days.ts'
import { wrongPing } from './check-reply.ts'
import { signToken } from './client.ts'
import { type Answered, createExchange, type Exchange, type Fetch } from './exchange.ts'
import { type Person, walkFlow } from './person.ts'
import type { Profile } from './profile.ts'
import { seededRandom } from './random.ts'
import { createRunCounts, type RunFinding, type RunTotals } from './run-counts.ts'

export type SimulateOptions = {
  readonly flow: Flow
  readonly url: string
  readonly publicKey: KeyObject
  /** Absent where the endpoint does not check signatures. */
  readonly appSecret?: string
  readonly profile: Profile
  /** Whose midnight `today` means to the endpoint. */
  readonly timezone: string
  /** How many people come, and how many at most at the same time. */
  readonly sessions: number
  readonly concurrency: number
  /** People who start per second; absent: the next comes as soon as one leaves. */
  readonly rate?: number
  /** The same seed gives people who make the same decisions. */
  readonly seed: string
  /** Part of every token. Two runs with the same one are the same people to the endpoint. */
  readonly run: string
  /** 1: as slow as people are · 0.05: twenty times faster · 0: flat out. */
  readonly pace: number
}

export type SimulateDeps = {
  readonly fetch: Fetch
  /** Milliseconds since the epoch, with a fraction. */
  readonly now: () => number
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** Ends the run: nobody else starts, and everybody stops after their current request. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
  readonly onReply?: (answered: Answered) => void
}

export type RunProgress = { readonly finished: number; readonly sessions: number }

export type RunReport = RunTotals & {
  readonly flow: string
  readonly url: string
  readonly seed: string
  readonly durationMs: number
  readonly requestsPerSecond: number
}

export async function simulate(options: SimulateOptions, deps: SimulateDeps): Promise<RunReport> {
  const { url, publicKey, appSecret, sessions, rate } = options
  const { fetch, now, sleep, signal, onReply } = deps
  const counts = createRunCounts()
  const exchange = createExchange({ url, publicKey, appSecret, fetch, now, counts, onReply })
  const makePerson = personMaker(options, deps, exchange)
  const startedAt = now()
  let finished = 0

  const meet = async (index: number) => {
    if (rate !== undefined) await wait(sleep, startedAt + (index / rate) * 1_000 - now(), signal)
    if (signal?.aborted) return

    if (index % PING_EVERY === 0) await checkHealth(exchange, options.profile, counts.noted)
    counts.started()
    const end = await walkFlow(makePerson(index))
    counts.ended(end)
    deps.onProgress?.({ finished: ++finished, sessions })
    if (end.how === 'unreachable') await wait(sleep, RECOVERY_MS, signal)
  }
  await pMap(Array(sessions).keys(), meet, { concurrency: options.concurrency })

  const totals = counts.totals()
  const durationMs = now() - startedAt
  const answers = Object.values(totals.statuses).reduce((sum, count) => sum + count, 0)
  const requestsPerSecond = durationMs > 0 ? Math.round(answers / (durationMs / 1_000)) : 0
  return {
    flow: options.flow.key,
    url,
    seed: options.seed,
    ...totals,
    durationMs: Math.round(durationMs),
    requestsPerSecond,
  }
}

/** Like Meta's servers, a run sends a ping now and then: before every 50th person. */
const PING_EVERY = 50
/** Leaves some people for after a restart of the endpoint. */
const RECOVERY_MS = 250

async function wait(sleep: SimulateDeps['sleep'], ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0 && !signal?.aborted) await sleep(ms, signal)
}

function personMaker(options: SimulateOptions, deps: SimulateDeps, exchange: Exchange): (index: number) => Person {
  const { flow, profile, appSecret, seed, run, pace } = options
  const { now, sleep, signal } = deps
  return (index) => {
    const token = `sim-${run}-${index + 1}`
    const isSigned = profile.dataApi === '4.0' && appSecret !== undefined
    return {
      name: `person ${index + 1} (${token})`,
      token,
      ...(isSigned && { tokenSignature: signToken(token, appSecret) }),
      flow,
      profile,
      random: seededRandom(`${seed}/${index}`),
      exchange,
      wait: (ms) => wait(sleep, ms * pace, signal),
      now,
      today: () => dayOf(Math.floor(now()), options.timezone),
      isStopped: () => signal?.aborted === true,
    }
  }
}

async function checkHealth(
  exchange: Exchange,
  { dataApi }: Profile,
  note: (finding: RunFinding) => void,
): Promise<void> {
  const answered = await exchange('ping', { version: dataApi, action: 'ping' })
  const found = answered.ok ? wrongPing(answered.reply) : `expected an encrypted answer, found ${answered.found}`
  if (found === undefined) return
  note({ how: answered.ok ? 'wrong' : answered.reason, sentence: `the health check (ping): ${found}` })
}
