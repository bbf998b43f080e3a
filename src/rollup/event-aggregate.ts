// The aggregate of a set of events, by when they were received: counts, errors, durations, sizes. Aggregates of parts merge into
// that of the whole.

import { HOUR_MS } from '../lib/units.ts'
import { type Counts, count, getOrCreate, merged, mergedBy, toCounts, total } from '../stats/counts.ts'
import { mergeQuantiles, type Quantiles, quantilesOf } from '../stats/quantiles.ts'
import { isTracked, SUCCESS, type TrailEvent } from '../trail/event.ts'
import { errorCategoryOf } from './error-category.ts'
import { TIME_BUCKET_MS, timeBucketOf } from './session-aggregate.ts'

export type EventAggregate = {
  /** By time bucket (`timeBucketOf`). */
  readonly requests: Counts<RequestCounts>
  /** Our time over each request, milliseconds; by time bucket as well. */
  readonly durations: Counts<Quantiles>
  /** By the screen that the request came from ('' for an opening), then by `errorKeyOf`. */
  readonly errors: Counts<Counts>
  /** Payloads by screen: requests from it, and replies that brought it. */
  readonly requestBytes: Counts<Sizes>
  readonly replyBytes: Counts<Sizes>
  /** Events without a token of their own. */
  readonly untracked: number
  /** Events of a token that many people share. */
  readonly shared: number
}

export type RequestCounts = {
  readonly requests: number
  /** Those that we could not answer properly. */
  readonly failed: number
  /** Those answered after Meta's client had given up. */
  readonly timedOut: number
  /** Those with at least one error, by its category; one with errors of two categories counts for both. */
  readonly withErrors: Counts
}

/** Bytes; `largest` is exact. */
export type Sizes = { readonly bytes: Quantiles; readonly largest: number }

/** https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes: `timeout_error`, more than 10 seconds. */
export const META_TIMEOUT_MS = 10_000

export const NO_EVENTS: EventAggregate = {
  requests: {},
  durations: {},
  errors: {},
  requestBytes: {},
  replyBytes: {},
  untracked: 0,
  shared: 0,
}

/** The part of an event that its aggregates need. */
export type ReceivedFacts = Pick<
  TrailEvent,
  'token' | 'at' | 'screen' | 'next' | 'outcome' | 'errors' | 'processingMs' | 'requestBytes' | 'replyBytes'
> & {
  /** Whether the event belongs to no session, because many people share the token. */
  readonly isShared?: boolean
}

/** Parts of an aggregate that can be read alone; `contents` are errors, payloads and counts of untracked events. */
export const EVENT_PARTS = ['requests', 'durations', 'contents'] as const
export type EventPart = (typeof EVENT_PARTS)[number]

/** `requests` and the named parts; the others are empty. */
export const eventPartsOnly = (traffic: EventAggregate, parts: readonly string[]): EventAggregate => ({
  ...(parts.includes('contents') ? traffic : NO_EVENTS),
  requests: traffic.requests,
  durations: parts.includes('durations') ? traffic.durations : {},
})

/** Time buckets in an hour. */
export const HOUR_BUCKETS = HOUR_MS / TIME_BUCKET_MS

/** The time buckets of each hour added up, under the first of them. */
export function requestsByHour(traffic: EventAggregate): EventAggregate {
  const hours = new Map<string, RequestCounts[]>()
  for (const [span, of] of Object.entries(traffic.requests))
    getOrCreate(hours, String(Math.floor(Number(span) / HOUR_BUCKETS) * HOUR_BUCKETS), () => []).push(of)
  return { ...traffic, requests: toCounts(hours, mergeRequestCounts) }
}

export function aggregateEvents(events: readonly ReceivedFacts[]): EventAggregate {
  const spans = new Map<string, ReceivedFacts[]>()
  const errors = new Map<string, Map<string, number>>()
  const requestBytes = new Map<string, number[]>()
  const replyBytes = new Map<string, number[]>()
  let untracked = 0
  let shared = 0
  for (const event of events) {
    getOrCreate(spans, String(timeBucketOf(event.at)), () => []).push(event)
    for (const error of event.errors) {
      const kinds = getOrCreate(errors, event.screen, () => new Map<string, number>())
      count(kinds, errorKeyOf(error))
    }
    getOrCreate(requestBytes, event.screen, () => []).push(event.requestBytes)
    if (event.next !== '' && event.next !== SUCCESS)
      getOrCreate(replyBytes, event.next, () => []).push(event.replyBytes)
    if (!isTracked(event.token)) untracked++
    else if (event.isShared) shared++
  }
  return {
    requests: toCounts(spans, requestCountsOf),
    durations: toCounts(spans, (some) => quantilesOf(some.map(({ processingMs }) => processingMs))),
    errors: toCounts(errors, (kinds) => toCounts(kinds)),
    requestBytes: toCounts(requestBytes, sizesOf),
    replyBytes: toCounts(replyBytes, sizesOf),
    untracked,
    shared,
  }
}

const totals = (counts: readonly Counts[]): Counts => merged(counts, total)

export const mergeEventAggregates = (parts: readonly EventAggregate[]): EventAggregate => ({
  requests: mergedBy(parts, (part) => part.requests, mergeRequestCounts),
  durations: mergedBy(parts, (part) => part.durations, mergeQuantiles),
  errors: mergedBy(parts, (part) => part.errors, totals),
  requestBytes: mergedBy(parts, (part) => part.requestBytes, mergeSizes),
  replyBytes: mergedBy(parts, (part) => part.replyBytes, mergeSizes),
  untracked: total(parts.map((part) => part.untracked)),
  shared: total(parts.map((part) => part.shared)),
})

/** `invalid_field:date/min` of a refused field, `upstream_timeout:slots` of a source that failed, else the code alone. */
export function errorKeyOf({ code, field, rule }: TrailEvent['errors'][number]): string {
  if (field === undefined) return code
  return rule === undefined ? `${code}:${field}` : `${code}:${field}/${rule}`
}

const requestCountsOf = (events: readonly ReceivedFacts[]): RequestCounts => ({
  requests: events.length,
  failed: events.filter(({ outcome }) => outcome === 'failed').length,
  timedOut: events.filter(({ processingMs }) => processingMs > META_TIMEOUT_MS).length,
  withErrors: withErrorsIn(events),
})

function withErrorsIn(events: readonly ReceivedFacts[]): Counts {
  const requests = new Map<string, number>()
  for (const { errors } of events)
    for (const category of new Set(errors.map(({ code }) => errorCategoryOf(code))))
      if (category) count(requests, category)
  return toCounts(requests)
}

const mergeRequestCounts = (parts: readonly RequestCounts[]): RequestCounts => ({
  requests: total(parts.map((part) => part.requests)),
  failed: total(parts.map((part) => part.failed)),
  timedOut: total(parts.map((part) => part.timedOut)),
  withErrors: mergedBy(parts, (part) => part.withErrors, total),
})

const sizesOf = (bytes: readonly number[]): Sizes => ({
  bytes: quantilesOf(bytes),
  largest: bytes.reduce((most, each) => Math.max(most, each), 0),
})

export const mergeSizes = (parts: readonly Sizes[]): Sizes => ({
  bytes: mergeQuantiles(parts.map((part) => part.bytes)),
  largest: parts.reduce((most, { largest }) => Math.max(most, largest), 0),
})
