// The people of a run: who they are, and what came of their walks.

import type { KeyObject } from 'node:crypto'
import type { Flow } from '../flow/definition.ts'
import { dayOf } from '../lib/days.ts'
import { wrongPing } from './check-reply.ts'
import { signToken } from './client.ts'
import { type Answered, createExchange, type Exchange, type Fetch } from './exchange.ts'
import { walkFlow } from './person.ts'
import type { Profile } from './profile.ts'
import { seededRandom } from './random.ts'
import { createRunCounts, type End, type RunFinding, type RunTotals } from './run-counts.ts'
import { tokenFor } from './tokens.ts'
import type { Person } from './turn.ts'

export type PeopleOptions = {
  readonly flow: Flow
  readonly url: string
  readonly publicKey: KeyObject
  /** Absent where the endpoint does not check signatures. */
  readonly appSecret?: string
  readonly profile: Profile
  /** Whose midnight `today` means to the endpoint. */
  readonly timezone: string
  /** The same seed gives people who make the same decisions. */
  readonly seed: string
  /** Part of every token. Two runs with the same one are the same people to the endpoint. */
  readonly run: string
}

export type PeopleDeps = {
  readonly fetch: Fetch
  /** Milliseconds since the epoch, with a fraction. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** When it aborts, everybody stops after their current request. */
  readonly signal?: AbortSignal
  readonly onReply?: (answered: Answered) => void
}

export type People = {
  /** The walk of one person, from opening the flow to its end. Like Meta's servers, it sends a ping before every 50th. */
  meet(index: number): Promise<End>
  totals(): RunTotals
}

export function createPeople(options: PeopleOptions, deps: PeopleDeps): People {
  const { flow, url, publicKey, appSecret, profile, timezone, seed, run } = options
  const { fetch, now, sleep, signal, onReply } = deps
  const counts = createRunCounts()
  const exchange = createExchange({ url, publicKey, appSecret, fetch, now, counts, onReply })

  const personAt = async (index: number): Promise<Person> => {
    const random = seededRandom(`${seed}/${index}`)
    const token = await tokenFor(flow, `sim-${run}-${index + 1}`, profile.token, seededRandom(`${seed}/token/${index}`))
    const isSigned = profile.dataApi === '4.0' && appSecret !== undefined
    return {
      name: `person ${index + 1} (${token})`,
      token,
      ...(isSigned && { tokenSignature: signToken(token, appSecret) }),
      flow,
      profile,
      random,
      exchange,
      wait: sleep,
      now,
      today: () => dayOf(Math.floor(now()), timezone),
      isStopped: () => signal?.aborted === true,
    }
  }

  return {
    async meet(index) {
      if (index % PING_EVERY === 0) await checkHealth(exchange, profile, counts.noted)
      counts.started()
      const end = await walkFlow(await personAt(index))
      counts.ended(end)
      return end
    },
    totals: counts.totals,
  }
}

const PING_EVERY = 50

async function checkHealth(
  exchange: Exchange,
  { dataApi }: Profile,
  note: (finding: RunFinding) => void,
): Promise<void> {
  const answered = await exchange('ping', { version: dataApi, action: 'ping' })
  const found = answered.ok ? wrongPing(answered.reply) : `expected an encrypted answer, found ${answered.found}`
  if (found === undefined) return
  note({
    how: answered.ok || answered.reason === 'closed' ? 'wrong' : answered.reason,
    sentence: `the health check (ping): ${found}`,
  })
}
