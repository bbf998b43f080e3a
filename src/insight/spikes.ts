// Hours in which something went wrong more often than at the same hour of the days before, where chance is ruled out.

import { clockText, dayPlus } from '../lib/days.ts'
import { MOST_ROWS } from '../rollup/limits.ts'
import { falseDiscoveryRates, fisherExact } from '../stats/significance.ts'
import { type ErrorShare, errorShareOf, FAULTS, type Fault, type Faults } from './errors.ts'

/** An hour, or the part of one that belongs to a day. */
export type FaultHour = Faults & {
  readonly from: number
  readonly until: number
  /** The day that it belongs to, and what the clocks there show when it begins, in hours since midnight. */
  readonly day: string
  readonly clock: number
}

export type Spike = ErrorShare & {
  readonly hour: FaultHour
  readonly fault: Fault
  /** At the same hour of the days before, taken together. */
  readonly before: ErrorShare
  /** Fisher's exact p, and the false discovery rate among all that was tried. */
  readonly p: number
  readonly q: number
}

export const DAYS_BEFORE = 7
/** An hour with fewer requests on the days before is held against nothing. */
export const LEAST_BEFORE = 20
/** What is told happened so often at least, this many times as often as before, and has a false discovery rate below this. */
export const LEAST_ERRORS = 5
export const LEAST_RATIO = 2
export const HIGHEST_Q = 0.01

/**
 * `hours`: those of `history` that are asked about; it has those of the days before, too. In the order of the hours;
 * of very many, the surest.
 */
export function spikesOf(hours: readonly FaultHour[], history: readonly FaultHour[]): Spike[] {
  const tried = candidatesIn(hours, history)
  const ps = tried.map(({ errors, requests, before }) =>
    fisherExact({
      withHit: errors,
      withMiss: requests - errors,
      withoutHit: before.errors,
      withoutMiss: before.requests - before.errors,
    }),
  )
  const qs = falseDiscoveryRates(ps)
  const found = tried
    .map((candidate, index) => ({ ...candidate, p: ps[index] as number, q: qs[index] as number }))
    .filter(({ errors, requests, before, q }) => {
      const isOften = errors / requests >= (LEAST_RATIO * before.errors) / before.requests
      return errors >= LEAST_ERRORS && isOften && q < HIGHEST_Q
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

const HOUR_MS = 3_600_000

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

/** What never happened, then or before, is not tried: no test could tell anything of it. */
function candidatesIn(hours: readonly FaultHour[], history: readonly FaultHour[]): SpikeCandidate[] {
  const faults = FAULTS.filter((fault) => history.some((hour) => errorShareOf(hour, fault)?.errors))
  // Each hour is looked at for itself, and for each of seven days after it.
  const parts = new Map(history.map((hour) => [hour, faults.map((fault) => errorShareOf(hour, fault))]))
  const byClock = new Map(
    [...Map.groupBy(history, ({ clock }) => clock)].map(([clock, some]) => [
      clock,
      Map.groupBy(some, ({ day }) => day),
    ]),
  )
  return [...Map.groupBy(hours, ({ day }) => day)].flatMap(([day, some]) => {
    const days = Array.from({ length: DAYS_BEFORE }, (_, index) => dayPlus(day, -1 - index))
    return some.flatMap((hour) => {
      const earlier = days.flatMap((each) => byClock.get(hour.clock)?.get(each) ?? [])
      return faults.flatMap((fault, index): SpikeCandidate[] => {
        const now = parts.get(hour)?.[index]
        const before = sumOf(earlier.flatMap((each) => parts.get(each)?.[index] ?? []))
        if (!now || now.requests === 0 || before.requests < LEAST_BEFORE) return []
        return now.errors + before.errors === 0 ? [] : [{ hour, fault, ...now, before }]
      })
    })
  })
}

const sumOf = (parts: readonly ErrorShare[]): ErrorShare =>
  parts.reduce((sum, part) => ({ errors: sum.errors + part.errors, requests: sum.requests + part.requests }), {
    errors: 0,
    requests: 0,
  })
