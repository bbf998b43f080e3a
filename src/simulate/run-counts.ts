// What a run adds up to, in memory that does not grow with the run.

import { createLatencies } from './latency.ts'

export type FindingKind = 'ping' | 'init' | 'submit' | 'back' | 'client_error'

/** How one person's walk ended. `closed`: on a screen that the phone ends by itself · `stopped`: with the run. */
export type End = { readonly how: 'completed' | 'left' | 'closed' | 'stopped' } | RunFinding

/** Something that is not as it should be. `unreachable`: no answer · `stuck`: the profile does not say what to enter. */
export type RunFinding = { readonly how: 'wrong' | 'unreachable' | 'stuck'; readonly sentence: string }

/** How many there were, and the first of them as sentences. */
export type Findings = { readonly count: number; readonly first: readonly string[] }

export type RunTotals = {
  /** started = completed + left + closed + stopped + those who met a finding. */
  readonly sessions: {
    readonly started: number
    readonly completed: number
    readonly left: number
    /** Reached a screen that the phone ends by itself, without the endpoint. */
    readonly closed: number
    /** Cut short by the end of the run. */
    readonly stopped: number
  }
  readonly requests: { readonly [kind in FindingKind]: number }
  readonly statuses: { readonly [status: string]: number }
  /** Requests that give an event and were answered with 200; pings give none. */
  readonly acknowledged: number
  readonly wrong: Findings
  readonly unreachable: Findings
  /** People who did not know what to enter; the profile has to say. */
  readonly stuck: Findings
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number }
}

export type RunCounts = {
  started(): void
  sent(kind: FindingKind): void
  answered(kind: FindingKind, status: number, tookMs: number): void
  ended(end: End): void
  noted(finding: RunFinding): void
  totals(): RunTotals
}

const MAX_FIRST = 20

export function createRunCounts(): RunCounts {
  const sessions = { started: 0, completed: 0, left: 0, closed: 0, stopped: 0 }
  const requests = { ping: 0, init: 0, submit: 0, back: 0, client_error: 0 }
  const statuses: { [status: string]: number } = {}
  const findings = { wrong: createFindings(), unreachable: createFindings(), stuck: createFindings() }
  const latencies = createLatencies()
  let acknowledged = 0

  return {
    started: () => void sessions.started++,
    sent: (kind) => void requests[kind]++,
    answered(kind, status, tookMs) {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200 && kind !== 'ping') acknowledged++
      latencies.add(tookMs)
    },
    ended(end) {
      if ('sentence' in end) findings[end.how].add(end.sentence)
      else sessions[end.how]++
    },
    noted: ({ how, sentence }) => findings[how].add(sentence),
    totals: () => ({
      sessions: { ...sessions },
      requests: { ...requests },
      statuses: { ...statuses },
      acknowledged,
      wrong: findings.wrong.all(),
      unreachable: findings.unreachable.all(),
      stuck: findings.stuck.all(),
      latencyMs: {
        p50: latencies.quantile(0.5),
        p90: latencies.quantile(0.9),
        p99: latencies.quantile(0.99),
        max: latencies.max(),
      },
    }),
  }
}

function createFindings() {
  const first: string[] = []
  let count = 0
  return {
    add(sentence: string) {
      count++
      if (first.length < MAX_FIRST) first.push(sentence)
    },
    all: (): Findings => ({ count, first: [...first] }),
  }
}
