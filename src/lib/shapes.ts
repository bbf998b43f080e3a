// Shapes that several answers share. A shape knows a report both in the program (`z.output`) and on the wire (`z.input`).

import { z } from 'zod'
import type { Json } from './json.ts'

export const list = <S extends z.ZodType>(item: S) => z.array(item).readonly()

export const iso = (at: number): string => new Date(at).toISOString()

/** Milliseconds since the epoch; on the wire ISO 8601, UTC. */
export const instant = z.codec(z.iso.datetime(), z.number(), { decode: (text) => Date.parse(text), encode: iso })

export const countShape = z.int().min(0)

/** Any JSON. (Within a larger document, the references in the schema of `z.json()` would lead nowhere.) */
export const json = z.unknown() as unknown as z.ZodType<Json, Json>
