// Makes the data of a screen such that a phone takes it, as far as that can be done without inventing anything.

import { fitted, type Misfit } from '../flow-json/fitting.ts'
import type { DataProperty, Screen } from '../flow-json/flow-json.ts'
import { type Json, type JsonObject, own } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'

type Sources = {
  /** Where a value is looked for that is missing, the best place first. */
  readonly earlier: readonly JsonObject[]
  readonly usesExamples: boolean
}

/** For data that does not fit as it is. Left out is what no phone takes. */
export function fitToScreen(screen: Screen, data: JsonObject, sources: Sources) {
  const made: { [name: string]: Json } = { ...data }
  const errors: TrailError[] = []
  for (const [name, property] of screen.data) {
    const given = own(data, name)
    const { value, misfits } = fitted(property.type, given, name)
    const filled = value === undefined ? earlierOf(name, property, sources.earlier) : value
    const isFine = filled !== undefined && (given === undefined || given === null)
    if (!isFine) errors.push(...mismatches(screen.id, misfits))
    const result = filled ?? (sources.usesExamples ? property.example : undefined)
    if (result === undefined) delete made[name]
    else made[name] = result
  }
  return { data: made, errors }
}

/** What a phone will not take, as errors of the reply. */
export const mismatches = (screen: string, misfits: readonly Misfit[]): TrailError[] =>
  misfits.map(({ path, message }) => ({
    code: 'reply_mismatch',
    field: path,
    message: `on screen ${screen} ${message}`,
  }))

function earlierOf(name: string, { type }: DataProperty, earlier: Sources['earlier']): Json | undefined {
  for (const source of earlier) {
    const { value, misfits } = fitted(type, own(source, name), name)
    if (value !== undefined && misfits.length === 0) return value
  }
  return undefined
}
