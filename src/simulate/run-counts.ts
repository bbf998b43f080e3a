// The totals of a run, in memory that does not grow with the run.

import { DDSketch } from '@datadog/sketches-js'

export type FindingKind = 'ping' | 'init' | 'submit' | 'back' | 'client_error'

/** How one person's walk ended. `closed`: on a screen that the phone ends by itself · `stopped`: with the run. */
export type End = { readonly how: 'completed' | 'left' | 'closed' | 'stopped' } | RunFinding

/** Something unexpected. `unreachable`: no answer · `stuck`: the profile does not say what to enter. */
export type RunFinding = { readonly how: 'wrong' | 'unreachable' | 'stuck'; readonly sentence: string }

/** How many there were, and the first of them as sentences. */
export type Findings = { readonly count: number; readonly first: readonly string[] }

export type RunCounts = ReturnType<typeof createRunCounts>
export type RunTotals = ReturnType<RunCounts['totals']>

const MAX_FIRST = 20

export function createRunCounts() {
  /** started = completed + left + closed + stopped + those with a finding. */
  const sessions = { started: 0, completed: 0, left: 0, closed: 0, stopped: 0 }
  const requests = { ping: 0, init: 0, submit: 0, back: 0, client_error: 0 }
  const statuses: { [status: string]: number } = {}
  const findings = { wrong: createFindings(), unreachable: createFindings(), stuck: createFindings() }
  // Within 1 %, in memory that depends on the range of the durations alone.
  const latencies = new DDSketch({ relativeAccuracy: 0.01 })
  /** Milliseconds, to hundredths; 0 when nothing was answered. */
  const latencyAt = (share: number): number => {
    if (latencies.count === 0) return 0
    const ms = share === 1 ? latencies.max : Math.min(latencies.getValueAtQuantile(share), latencies.max)
    return Math.round(ms * 100) / 100
  }
  let acknowledged = 0

  return {
    started: () => void sessions.started++,
    sent: (kind: FindingKind) => void requests[kind]++,
    answered(kind: FindingKind, status: number, tookMs: number) {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200 && kind !== 'ping') acknowledged++
      latencies.accept(tookMs)
    },
    ended(end: End) {
      if ('sentence' in end) findings[end.how].add(end.sentence)
      else sessions[end.how]++
    },
    noted: ({ how, sentence }: RunFinding) => findings[how].add(sentence),
    totals: () => ({
      sessions: { ...sessions },
      requests: { ...requests },
      statuses: { ...statuses },
      /** Requests that give an event and were answered with 200; pings give none. */
      acknowledged,
      wrong: findings.wrong.all(),
      unreachable: findings.unreachable.all(),
      stuck: findings.stuck.all(),
      latencyMs: { p50: latencyAt(0.5), p90: latencyAt(0.9), p99: latencyAt(0.99), max: latencyAt(1) },
    }),
  }
}

export function findingsOf(sentences: readonly string[]): Findings {
  return { count: sentences.length, first: sentences.slice(0, MAX_FIRST) }
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
