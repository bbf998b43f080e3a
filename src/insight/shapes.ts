// The shapes of what the insights tell.

import { z } from 'zod'
import { countShape, json, list } from '../lib/shapes.ts'
import { ERROR_CATEGORIES } from '../rollup/error-category.ts'
import { LOAD_BUCKETS } from '../rollup/load-bucket.ts'
import { rateShape } from '../stats/shapes.ts'
import { REFUSAL_CATEGORIES } from './errors.ts'
import { LATENCY_LEVELS, type Level, SHARE_LEVELS } from './health.ts'

const counts = z.record(z.string(), countShape)
const ms = z.number().min(0).exactOptional()

/** Milliseconds; without measurements there is only `n`. `n`: how many measurements. */
const spreadShape = z.strictObject({ n: countShape, p50: ms, p90: ms, p95: ms, p99: ms })
export type Spread = Readonly<z.output<typeof spreadShape>>

export const outcomesShape = z.strictObject({
  sessions: countShape,
  completed: countShape,
  open: countShape,
  lost: countShape,
  /** The share of completed sessions among the sessions that are not open. */
  completion: rateShape,
})
export type Outcomes = Readonly<z.output<typeof outcomesShape>>

export const changeShape = z.strictObject({
  /** By how much the share has grown; null when either share is unknown. */
  by: z.number().nullable(),
  /** Fisher's exact p: how likely a difference this large is by chance. */
  p: z.number().min(0).max(1.000001),
})
export type Change = Readonly<z.output<typeof changeShape>>

/** A version, and the day on which its first session of the period began. */
export const versionOfDayShape = z.strictObject({ version: z.string(), day: z.iso.date() })
export type VersionOfDay = Readonly<z.output<typeof versionOfDayShape>>

/** Of completed sessions. */
export const timeToConvertShape = z.strictObject({
  ms: spreadShape,
  /** The last bar has no `underMs`. */
  histogram: list(z.strictObject({ underMs: z.number().positive().exactOptional(), count: countShape })),
})
export type TimeToConvert = Readonly<z.output<typeof timeToConvertShape>>

/** `shown` to `reopens`, and the durations, are those of `ScreenAggregate`. */
export const frictionShape = z.strictObject({
  screen: z.string(),
  sessions: countShape,
  /** Sessions that got no further, by how they ended. */
  lost: countShape,
  open: countShape,
  completed: countShape,
  /** The share of sessions that left here, among the sessions that visited the screen and are not still on it. */
  lostShare: rateShape,
  shown: countShape,
  inferred: countShape,
  submitted: countShape,
  /** Fields that were refused, in all and by `field/rule`; one request can have several. */
  refusedFields: countShape,
  refusedFieldsBy: counts,
  rejected: countShape,
  /** The share of `rejected` visits that people corrected. */
  corrected: rateShape,
  backs: countShape,
  unseenBacks: countShape,
  reopens: countShape,
  clientErrors: countShape,
  errorsBy: counts,
  dwellMs: spreadShape,
  loadMs: spreadShape,
  answerMs: spreadShape,
  upstreamMs: spreadShape,
})
export type Friction = Readonly<z.output<typeof frictionShape>>

/** A step of the funnel. */
export const stepDwellShape = z.strictObject({ screens: list(z.string()), dwellMs: spreadShape })
export type StepDwell = Readonly<z.output<typeof stepDwellShape>>

const loadShape = z.strictObject({
  bucket: z.enum(LOAD_BUCKETS),
  sessions: countShape,
  /** Sessions that are still on the screen. */
  open: countShape,
  /** The share of sessions that left here, among the sessions that are not open here. */
  dropOff: rateShape,
})

export const latencyShape = z.strictObject({
  screen: z.string(),
  /** Our time over the request that brought the screen. */
  loadMs: spreadShape,
  /** Our time over the requests from the screen, and the part of it that outside APIs took. */
  answerMs: spreadShape,
  upstreamMs: spreadShape,
  /** Sessions by how long the screen took to load the last time; buckets without sessions are left out. */
  dropOffByLoad: list(loadShape),
})
export type ScreenLatency = Readonly<z.output<typeof latencyShape>>

export const funnelStepShape = z.strictObject({
  screens: list(z.string()),
  reached: countShape,
  /** Sessions that got here and no further, by how they ended. */
  open: countShape,
  lost: countShape,
  completed: countShape,
  /** The share of sessions that reached the next step, or after the last step completed. Open sessions do not count. */
  conversion: rateShape,
  /** The share of sessions that left here. Open sessions do not count. */
  dropOff: rateShape,
})
export type FunnelStep = Readonly<z.output<typeof funnelStepShape>>

/** `step`: from 1. */
export const worstStepShape = funnelStepShape.extend({ step: z.number().int().min(1) })
export type WorstStep = Readonly<z.output<typeof worstStepShape>>

export const flowOverviewShape = outcomesShape.extend({
  /** By the day on which sessions began, with and without sessions. */
  days: list(z.strictObject({ day: z.iso.date(), ...outcomesShape.shape })),
  /** Of the settled days, against as many days before the period. */
  change: z.strictObject({ now: rateShape, before: rateShape, ...changeShape.shape }),
  /** The step of the funnel that most were lost on; absent if nobody was lost in the funnel. */
  worst: worstStepShape.exactOptional(),
  /** Versions that began within the period, by their first day. */
  newVersions: list(versionOfDayShape),
})
export type FlowOverview = Readonly<z.output<typeof flowOverviewShape>>

export const funnelShape = z.strictObject({
  /** Sessions that reached the first step. */
  started: countShape,
  /** The share of completed sessions among the started sessions that are not open. */
  completion: rateShape,
  /** Sessions that `exclude` left out. */
  excluded: countShape,
  steps: list(funnelStepShape),
})
export type Funnel = Readonly<z.output<typeof funnelShape>>

const linkShape = z.strictObject({ from: z.string(), to: z.string(), count: countShape })
export type PathLink = Readonly<z.output<typeof linkShape>>

/** What happens at one screen: `entries` + `in` = `out` + all `exits`. */
const placeShape = z.strictObject({
  screen: z.string(),
  entries: countShape,
  in: countShape,
  out: countShape,
  /** How paths end at a screen. `wentOn`: sessions that went on, but count only up to here. */
  exits: z.strictObject({ wentOn: countShape, completed: countShape, open: countShape, lost: countShape }),
  /** How often the screen came right after itself, as when people open the flow again; counts as neither in nor out. */
  loops: countShape,
  sessions: countShape,
})
export type PathScreen = z.output<typeof placeShape>

export const pathsShape = z.strictObject({
  /** The most frequent first; beyond `MOST_ROWS`, the rest is one more link at the end, from `OTHER` to `OTHER`. */
  links: list(linkShape),
  /** The most visited first. */
  places: list(placeShape),
  sessions: countShape,
})
export type Paths = Readonly<z.output<typeof pathsShape>>

const bytes = z.number().min(0).exactOptional()

/** Bytes as sent; without any there is only `n`. `ofLimit`: `max` as a share of the limit. */
const sizesShape = z.strictObject({ n: countShape, p50: bytes, p99: bytes, max: bytes, ofLimit: bytes })

export const payloadsShape = z.strictObject({
  /** '' for openings, which come from no screen. */
  screen: z.string(),
  /** Requests from the screen. */
  request: sizesShape,
  /** Replies that brought the screen. */
  reply: sizesShape,
})
export type ScreenPayloads = Readonly<z.output<typeof payloadsShape>>

export const findingShape = z.strictObject({
  kind: z.enum([
    'unknown_flow',
    'untracked_events',
    'shared_tokens',
    'no_openings',
    'inferred_screens',
    'unseen_backs',
    'unseen_screens',
    'unknown_screens',
  ]),
  /** What was found, and what it means for the numbers. */
  found: z.string(),
  remedy: z.string(),
  screens: list(z.string()).exactOptional(),
  count: countShape,
})
export type QualityFinding = Readonly<z.output<typeof findingShape>>

/** What sessions have in common. */
const factorShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choice'), field: z.string(), value: json }),
  z.strictObject({ kind: z.literal('rule'), field: z.string(), rule: z.string() }),
  z.strictObject({ kind: z.literal('load'), bucket: z.string() }),
  /** Monday is 1. */
  z.strictObject({ kind: z.literal('weekday'), weekday: z.int().min(1).max(7) }),
  /** Named by what clocks show when it begins: 9.5 is the hour from half past nine. It ends with its day at the latest. */
  z.strictObject({ kind: z.literal('hour'), hour: z.number().min(0).max(24) }),
  z.strictObject({ kind: z.literal('version'), version: z.string() }),
])
export type Factor = Readonly<z.output<typeof factorShape>>

export const driverShape = z.strictObject({
  screen: z.string(),
  factor: factorShape,
  /** Sessions that visited the screen and are not still on it: with the factor, and the others to compare with. */
  n: countShape,
  others: countShape,
  /** Sessions that left there: with the factor, and the others. */
  lost: countShape,
  othersLost: countShape,
  /** The risk ratio of leaving, with the factor against without; null if none of the others left. */
  ratio: z.number().min(1).nullable(),
  /** Fisher's exact p, and the false discovery rate among all candidates of the flow. */
  p: z.number().min(0),
  q: z.number().min(0),
  /** Completions a month more, if these people left as seldom as the others, with their 95 % confidence interval. */
  gain: z.strictObject({ completions: z.number(), low: z.number(), high: z.number() }),
})
export type Driver = Readonly<z.output<typeof driverShape>>

/** `screen`: the screen that the requests came from, '' for openings. */
const place = { screen: z.string(), n: countShape }

/** The most frequent errors first. */
export const errorBreakdownShape = z.strictObject({
  validation: list(z.strictObject({ ...place, field: z.string(), rule: z.string() })),
  client: list(z.strictObject({ ...place, key: z.string() })),
  upstream: list(z.strictObject({ ...place, source: z.string(), code: z.string() })),
  /** `field`, `rule`: where they are known. */
  internal: list(
    z.strictObject({ ...place, code: z.string(), field: z.string().exactOptional(), rule: z.string().exactOptional() }),
  ),
})
export type ErrorBreakdown = Readonly<z.output<typeof errorBreakdownShape>>

const refusedShape = z.record(z.enum(REFUSAL_CATEGORIES), countShape)

export const faultsShape = z.strictObject({
  answered: countShape,
  /** Answered requests with an error, by its category. */
  errors: z.record(z.enum(ERROR_CATEGORIES), countShape),
  /** Requests that we refused, by category; null: unknown. */
  refused: refusedShape.nullable(),
})

const levelShape = <L extends object>(levels: L) =>
  z.enum(['too_few_requests', 'ok', ...Object.keys(levels)] as Level<L>[])

const shareShape = rateShape.extend({ level: levelShape(SHARE_LEVELS) })

export const healthShape = z.strictObject({
  /** Our time over the requests that we answered within half an hour; the level is that of p90. */
  latencyMs: z.strictObject({ n: countShape, p50: ms, p90: ms, level: levelShape(LATENCY_LEVELS) }),
  /** The share of requests within half an hour that we refused, other than for their token, or answered too late. Null: unknown. */
  endpointErrors: shareShape.extend({ timedOut: countShape, refused: refusedShape }).nullable(),
  /** The share of requests answered within an hour that reported an error of the client. */
  clientErrors: shareShape,
  /** The share of requests answered within half an hour that got our failure message; Meta does not count them as errors. */
  failed: rateShape,
})
