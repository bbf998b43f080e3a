// Hours in which something went wrong more often than at the same hour of the days before, and more often than chance explains.

import { clockText, dayPlus } from '../lib/days.ts'
import { HOUR_MS } from '../lib/units.ts'
import { MOST_ROWS } from '../rollup/limits.ts'
import { total } from '../stats/counts.ts'
import { falseDiscoveryRates, fisherExact } from '../stats/significance.ts'
import { type ErrorShare, errorShareOf, FAULTS, type Fault, type Faults } from './errors.ts'

/** An hour, or the part of one that belongs to a day. */
export type FaultHour = Faults & {
  readonly from: number
  readonly until: number
  readonly day: string
  /** What clocks show when it begins, hours since midnight. */
  readonly clock: number
}

export type Spike = ErrorShare & {
  readonly hour: FaultHour
  readonly fault: Fault
  /** At the same hour of the days before, added up. */
  readonly before: ErrorShare
  /** Fisher's exact p, and the false discovery rate among all candidates. */
  readonly p: number
  readonly q: number
}

export const DAYS_BEFORE = 7
/** With fewer requests on the days before, an hour is no candidate. */
export const LEAST_BEFORE = 20
/** A spike has at least this many errors, at least this many times the share before, and a false discovery rate below this. */
export const LEAST_ERRORS = 5
export const LEAST_RATIO = 2
export const MAX_SPIKE_Q = 0.01

/**
 * The spikes among `hours`, in their order; of very many, the surest. `history`: the same hours, and the hours of the days before.
 */
export function spikesOf(hours: readonly FaultHour[], history: readonly FaultHour[]): Spike[] {
  const candidates = candidatesIn(hours, history)
  const ps = candidates.map(({ errors, requests, before }) =>
    fisherExact({
      withHit: errors,
      withMiss: requests - errors,
      withoutHit: before.errors,
      withoutMiss: before.requests - before.errors,
    }),
  )
  const qs = falseDiscoveryRates(ps)
  const found = candidates
    .map((candidate, index) => ({ ...candidate, p: ps[index] as number, q: qs[index] as number }))
    .filter(({ errors, requests, before, q }) => {
      const isOften = errors / requests >= (LEAST_RATIO * before.errors) / before.requests
      return errors >= LEAST_ERRORS && isOften && q < MAX_SPIKE_Q
    })
  if (found.length <= MOST_ROWS.spikes) return found
  const surest = new Set(found.toSorted((a, b) => a.q - b.q).slice(0, MOST_ROWS.spikes))
  return found.filter((spike) => surest.has(spike))
}

/** `validation: 40 of 120 requests (33.3 %) between 14:00 and 15:00 on 2026-03-03, against 12 of 700 (1.7 %) at this hour …` */
export function spikeSentence({ fault, errors, requests, before, hour }: Spike): string {
  const share = (part: ErrorShare) => `(${((part.errors / part.requests) * 100).toFixed(1)} %)`
  const until = hour.clock + (hour.until - hour.from) / HOUR_MS
  return [
    `${NAMES[fault]}: ${errors} of ${requests} requests ${share({ errors, requests })}`,
    `between ${clockText(hour.clock)} and ${clockText(until)} on ${hour.day},`,
    `against ${before.errors} of ${before.requests} ${share(before)} at this hour of the ${DAYS_BEFORE} days before`,
  ].join(' ')
}

const NAMES: { readonly [fault in Fault]: string } = {
  validation: 'validation',
  client: 'errors of the client',
  upstream: 'upstream',
  internal: 'failures of ours',
  decrypt_failed: 'could not be decrypted',
  bad_signature: 'wrong signature',
  token_refused: 'flow token refused',
  malformed: 'not a flow request',
  too_large: 'too large',
}

type SpikeCandidate = Pick<Spike, 'hour' | 'fault' | 'errors' | 'requests' | 'before'>

/** What happened neither then nor before is no candidate: no test could find a difference. */
function candidatesIn(hours: readonly FaultHour[], history: readonly FaultHour[]): SpikeCandidate[] {
  const faults = FAULTS.filter((fault) => history.some((hour) => errorShareOf(hour, fault)?.errors))
  // Computed once: each hour counts for itself and for the seven days after it.
  const shares = new Map(history.map((hour) => [hour, faults.map((fault) => errorShareOf(hour, fault))]))
  const byClock = new Map(
    [...Map.groupBy(history, ({ clock }) => clock)].map(([clock, hours]) => [
      clock,
      Map.groupBy(hours, ({ day }) => day),
    ]),
  )
  return [...Map.groupBy(hours, ({ day }) => day)].flatMap(([day, ofDay]) => {
    const days = Array.from({ length: DAYS_BEFORE }, (_, index) => dayPlus(day, -1 - index))
    return ofDay.flatMap((hour) => {
      const earlier = days.flatMap((each) => byClock.get(hour.clock)?.get(each) ?? [])
      return faults.flatMap((fault, index): SpikeCandidate[] => {
        const now = shares.get(hour)?.[index]
        const before = sumOf(earlier.flatMap((each) => shares.get(each)?.[index] ?? []))
        if (!now || now.requests === 0 || before.requests < LEAST_BEFORE) return []
        return now.errors + before.errors === 0 ? [] : [{ hour, fault, ...now, before }]
      })
    })
  })
}

const sumOf = (shares: readonly ErrorShare[]): ErrorShare => ({
  errors: total(shares.map(({ errors }) => errors)),
  requests: total(shares.map(({ requests }) => requests)),
})
