// The shapes of what the reports tell beyond the insights.

import { z } from 'zod'
import { FAULTS } from '../insight/errors.ts'
import {
  changeShape,
  faultsShape,
  flowOverviewShape,
  funnelShape,
  funnelStepShape,
  healthShape,
} from '../insight/shapes.ts'
import { countShape, instant, json, list } from '../lib/shapes.ts'
import { rateShape } from '../stats/shapes.ts'
import { INCIDENT_CATEGORIES } from '../trail/incident.ts'

export const periodShape = z.strictObject({
  from: z.iso.date(),
  until: z.iso.date(),
  timezone: z.string(),
  /** The instants at which the first day begins and the last one ends. */
  startsAt: instant,
  endsAt: instant,
})
export type Period = Readonly<z.output<typeof periodShape>>

/** The titles of screens by their ids, as far as the Flow JSON says them. */
export const titlesShape = z.record(z.string(), z.string()).readonly()

/** A report about one flow in a period. */
export const flowReportShape = <S extends z.ZodRawShape>(fields: S) =>
  z.strictObject({ flow: z.string(), period: periodShape, removedBefore: instant.exactOptional(), ...fields })

/** One that names screens. */
export const screenReportShape = <S extends z.ZodRawShape>(fields: S) =>
  flowReportShape({ titles: titlesShape, ...fields })

export const flowLineShape = z.strictObject({
  flow: z.string(),
  /** Absent if the config no longer has the flow. */
  current: z
    .strictObject({
      version: z.string(),
      start: z.string(),
      screens: list(z.string()),
      titles: titlesShape,
      funnel: list(list(z.string())),
    })
    .exactOptional(),
  /** The versions in which sessions of the period began: the largest, and the rest as `OTHER`. */
  versions: list(z.strictObject({ version: z.string(), sessions: countShape })),
})

export const overviewLineShape = z.strictObject({
  flow: z.string(),
  /** The config still has the flow. */
  isConfigured: z.boolean(),
  titles: titlesShape,
  ...flowOverviewShape.shape,
})
export type OverviewLine = Readonly<z.output<typeof overviewLineShape>>

/** How many sessions the scan read, and how many there are. */
export const sampleShape = z.strictObject({ sessions: countShape, of: countShape })
export type ScanSample = Readonly<z.output<typeof sampleShape>>

const comparedStepShape = funnelStepShape.extend({
  previous: funnelStepShape
    .pick({ reached: true, conversion: true, dropOff: true })
    .extend({ conversionChange: changeShape, dropOffChange: changeShape })
    .exactOptional(),
})
export type ComparedStep = Readonly<z.output<typeof comparedStepShape>>

export const comparedFunnelShape = funnelShape.extend({
  steps: list(comparedStepShape),
  previous: funnelShape
    .pick({ started: true, completion: true })
    .extend({ completionChange: changeShape })
    .exactOptional(),
})
export type ComparedFunnel = Readonly<z.output<typeof comparedFunnelShape>>

/**
 * `isOther`: all values that have no line of their own; `value` is `OTHER` then. `isUnchosen`: the sessions without a choice in the
 * field; `value` is null then.
 */
export const breakdownLineShape = z.strictObject({
  value: json,
  isOther: z.literal(true).exactOptional(),
  isUnchosen: z.literal(true).exactOptional(),
  n: countShape,
  funnel: comparedFunnelShape,
})
export type BreakdownLine = Readonly<z.output<typeof breakdownLineShape>>

export const faultPointShape = z.strictObject({
  from: instant,
  until: instant,
  /** The hour or day is not over. */
  isPartial: z.boolean(),
  ...faultsShape.shape,
})

/** A spike, told in a sentence. */
export const spikeLineShape = z.strictObject({
  sentence: z.string(),
  from: instant,
  until: instant,
  category: z.enum(FAULTS),
  now: rateShape,
  before: rateShape,
  p: z.number().min(0),
  q: z.number().min(0),
})
export type SpikeLine = Readonly<z.output<typeof spikeLineShape>>

/** `at`: the end of its newest five minutes, or the instant in question. */
export const healthPointShape = z.strictObject({ at: instant, ...healthShape.shape })
export type HealthPoint = Readonly<z.output<typeof healthPointShape>>

export const categoryCountShape = z.strictObject({
  category: z.enum(INCIDENT_CATEGORIES),
  label: z.string(),
  meaning: z.string(),
  fix: z.string(),
  /** How many were refused for this reason. */
  requests: countShape,
})
export type CategoryCount = Readonly<z.output<typeof categoryCountShape>>
