// The aggregate of the visits of one screen.

import { type Counts, count, mergedBy, toCounts, total } from '../stats/counts.ts'
import { mergeQuantiles, type Quantiles, quantilesOf } from '../stats/quantiles.ts'
import type { Step } from '../trail/session.ts'

export type ScreenAggregate = {
  /** Visits. Each showing of the screen is one, however often it was refused and shown again. */
  readonly shown: number
  /** Of these, the visits that we did not send: the client moved there by itself, and not by its own Back. */
  readonly inferred: number
  /** Visits that ended by an accepted submission. */
  readonly submitted: number
  /** Visits with at least one refusal, and those of them that ended by an accepted submission. */
  readonly rejected: number
  readonly corrected: number
  /** Visits that ended by Back, by opening the flow anew, by another move of the client. */
  readonly backs: number
  /** Of the `backs`, those that nobody asked us for. Absent in rollups from before they were told apart. */
  readonly unseenBacks?: number
  readonly reopens: number
  readonly moves: number
  /** Refusals, by `field/rule`. */
  readonly rejects: Counts
  /** Other errors, by code. */
  readonly errors: Counts
  /** Per visit, milliseconds: how long people had the screen before each request from it, summed. */
  readonly dwellMs: Quantiles
  /** Per visit that we sent, milliseconds: our time over the request that it answered. */
  readonly loadMs: Quantiles
  /** Per visit with requests, milliseconds: the mean of our time over them, and of the part that outside APIs took. */
  readonly answerMs: Quantiles
  readonly upstreamMs: Quantiles
}

export function aggregateVisits(visits: readonly Step[]): ScreenAggregate {
  const those = (is: (visit: Step) => boolean) => visits.filter(is).length
  const rejects = new Map<string, number>()
  const errors = new Map<string, number>()
  for (const visit of visits) {
    for (const reject of visit.rejects) count(rejects, `${reject.field}/${reject.rule}`, reject.count)
    for (const { code } of visit.errors) count(errors, code)
  }
  const answered = visits.filter((visit) => visit.requests > 0)
  return {
    shown: visits.length,
    inferred: those((visit) => visit.showing === 'inferred'),
    submitted: those(isAccepted),
    rejected: those((visit) => visit.rejects.length > 0),
    corrected: those((visit) => visit.rejects.length > 0 && isAccepted(visit)),
    backs: those(isBack),
    unseenBacks: those((visit) => visit.end === 'unseen_back'),
    reopens: those((visit) => visit.end === 'reopened'),
    moves: those((visit) => visit.end === 'moved'),
    rejects: toCounts(rejects),
    errors: toCounts(errors),
    dwellMs: quantilesOf(visits.filter(isDwellKnown).map((visit) => visit.dwellMs)),
    loadMs: quantilesOf(visits.flatMap(({ loadMs }) => (loadMs === undefined ? [] : [inHundredths(loadMs)]))),
    answerMs: quantilesOf(answered.map((visit) => inHundredths(visit.processingMs / visit.requests))),
    upstreamMs: quantilesOf(answered.map((visit) => inHundredths(visit.upstreamMs / visit.requests))),
  }
}

export function mergeScreenAggregates(parts: readonly ScreenAggregate[]): ScreenAggregate {
  const sum = (of: (part: ScreenAggregate) => number) => total(parts.map(of))
  const spread = (of: (part: ScreenAggregate) => Quantiles) => mergeQuantiles(parts.map(of))
  return {
    shown: sum((part) => part.shown),
    inferred: sum((part) => part.inferred),
    submitted: sum((part) => part.submitted),
    rejected: sum((part) => part.rejected),
    corrected: sum((part) => part.corrected),
    backs: sum((part) => part.backs),
    unseenBacks: sum((part) => part.unseenBacks ?? 0),
    reopens: sum((part) => part.reopens),
    moves: sum((part) => part.moves),
    rejects: mergedBy(parts, (part) => part.rejects, total),
    errors: mergedBy(parts, (part) => part.errors, total),
    dwellMs: spread((part) => part.dwellMs),
    loadMs: spread((part) => part.loadMs),
    answerMs: spread((part) => part.answerMs),
    upstreamMs: spread((part) => part.upstreamMs),
  }
}

/** The visit ended by an accepted submission. */
export const isAccepted = ({ end }: Step): boolean => end === 'submitted' || end === 'completed'

/** The visit ended by Back, whether we were asked or not. */
export const isBack = ({ end }: Step): boolean => end === 'back' || end === 'unseen_back'

/** It is known from our showing of the screen, or of its refusal, to a request from it. */
const isDwellKnown = ({ showing, requests }: Step): boolean => requests > (showing === 'seen' ? 0 : 1)

/** Finer is noise, and takes more bytes. */
const inHundredths = (ms: number): number => Math.round(ms * 100) / 100

export const NO_VISITS = aggregateVisits([])
