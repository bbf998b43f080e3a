// The keyed hashes by which a person is known after nothing else is left of them.

import { isObject, type Json } from '../lib/json.ts'
import { erasedHash, type PseudonymKey, pseudonymOf } from '../privacy/pseudonym.ts'
import type { TrailEvent } from '../trail/event.ts'

/** In place of a flow: any. */
export const ANY_FLOW = ''

export type Hashes = ReturnType<typeof hashesBy>

export function hashesBy(key: PseudonymKey) {
  const ofToken = (flow: string, token: string) => erasedHash(['token', flow, token], key)
  const ofValue = (flow: string, pseudonym: string) => erasedHash(['value', flow, pseudonym], key)
  return {
    ofToken,
    /** `pseudonym`: of a value. */
    ofValue,
    /** By which an erasure can name this token. */
    namesOfToken: (flow: string, token: string) => [ofToken(ANY_FLOW, token), ofToken(flow, token)],
    /** By which an erasure can name a value in this input, kept as it was typed or as a pseudonym. */
    namesOfValues: (flow: string, input: Json) =>
      pseudonymsIn(input, key).flatMap((pseudonym) => [ofValue(ANY_FLOW, pseudonym), ofValue(flow, pseudonym)]),
  }
}

/** Whom this is about, among those who are looked for. */
export function belongsTo(wanted: ReadonlySet<string>, hashes: Hashes) {
  const isWanted = (names: readonly string[]) => names.some((name) => wanted.has(name))
  return {
    /** Whether all that there is of the token is theirs. */
    byToken: ({ flow, token }: Pick<TrailEvent, 'flow' | 'token'>) => isWanted(hashes.namesOfToken(flow, token)),
    byValue: ({ flow }: Pick<TrailEvent, 'flow'>, input: Json) => isWanted(hashes.namesOfValues(flow, input)),
  }
}

function pseudonymsIn(value: Json, key: PseudonymKey): string[] {
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? [] : [pseudonymOf(value, key)]
  if (Array.isArray(value)) return value.flatMap((item) => pseudonymsIn(item, key))
  if (!isObject(value)) return []
  if (typeof value.$hash === 'string') return [value.$hash]
  return Object.values(value).flatMap((item) => pseudonymsIn(item, key))
}
