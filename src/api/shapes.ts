// Shapes that several answers share.

import { z } from 'zod'
import type { Json } from '../lib/json.ts'
import type { Period } from '../report/period.ts'

export const list = <S extends z.ZodType>(item: S) => z.array(item).readonly()

/** An instant in ISO 8601, UTC. */
export const instant = z.iso.datetime()

export const iso = (at: number): string => new Date(at).toISOString()

export const countShape = z.int().min(0)

/** Any JSON. (Within a larger document, the references in the schema of `z.json()` would lead nowhere.) */
export const json = z.unknown() as unknown as z.ZodType<Json, Json>

export const counts = z.record(z.string(), countShape)

export const rate = z.strictObject({
  count: countShape,
  of: countShape,
  share: z.number().min(0).max(1).nullable(),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
})

const ms = z.number().min(0).optional()

/** Milliseconds. */
export const spread = z.strictObject({ n: countShape, p50: ms, p90: ms, p95: ms, p99: ms })

/** By how much a share has grown, and Fisher's exact p. */
export const change = z.strictObject({ by: z.number().nullable(), p: z.number().min(0).max(1.000001) })

export const period = z.strictObject({
  from: z.iso.date(),
  until: z.iso.date(),
  timezone: z.string(),
  startsAt: instant,
  endsAt: instant,
})

export const showPeriod = ({ startsAt, endsAt, ...days }: Period): z.output<typeof period> => ({
  ...days,
  startsAt: iso(startsAt),
  endsAt: iso(endsAt),
})

export const sample = z.strictObject({ sessions: countShape, of: countShape })

export const ending = z.enum(['completed', 'open', 'lost'])

export const errorShape = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) })
