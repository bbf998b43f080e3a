import { LRUCache } from 'lru-cache'
import { sha256 } from '../lib/ids.ts'
import { decodeParts, type StoredPart, type StoredParts } from './encode-parts.ts'
import type { RollupKind } from './kinds.ts'

/** Drops from an aggregate what a question does not need. */
export type Condense<Sum> = {
  /** Questions by the same name drop the same. */
  readonly name: string
  /** The instant that the question is about, on which it may depend what is dropped. */
  readonly asOf: number
  /** `isFinal`: as of any later instant, too. */
  readonly of: (sum: Sum) => { readonly sum: Sum; readonly isFinal: boolean }
}

/**
 * Decodes rollups to what a question needs of them, and remembers those of days long past, which are the same each time that a page asks
 * for them; of the others, what was decoded. They go by their own bytes, so none is ever out of date.
 */
export function createDecoder<Sum>({ parts, decode }: Pick<RollupKind<never, Sum>, 'parts' | 'decode'>) {
  const finals = new LRUCache<string, { readonly sum: Sum; readonly asOf: number }>({ maxSize: MAX_FINAL_BYTES })
  const wholes = new LRUCache<string, { readonly sum: Sum }>({ maxSize: MAX_WHOLE_BYTES })

  return (stored: StoredParts, { name, asOf, of }: Condense<Sum>): Sum => {
    const key = keyOf(parts, stored)
    const size = parts.reduce((bytes, part) => bytes + (stored[part]?.length ?? 0), 0)
    const final = finals.get(`${name} ${key}`)
    if (final && final.asOf <= asOf) return final.sum
    const whole = wholes.get(key) ?? { sum: decode(decodeParts({ parts }, stored)) }
    const { sum, isFinal } = of(whole.sum)
    if (isFinal) finals.set(`${name} ${key}`, { sum, asOf }, { size })
    else if (size >= LEAST_WHOLE_BYTES) wholes.set(key, whole, { size })
    return sum
  }
}

/** Of all that is remembered, as it is stored; in memory a whole one takes several times as much. */
const MAX_FINAL_BYTES = 6_000_000
const MAX_WHOLE_BYTES = 3_000_000
/** A smaller one is decoded as soon as it is looked up. */
const LEAST_WHOLE_BYTES = 4_000

/** A part that was not read is another thing than an empty one. Of a short text, the text is found sooner than its hash. */
const keyOf = (parts: readonly (keyof StoredParts)[], stored: StoredParts): string =>
  parts.map((part) => keyOfPart(stored[part])).join('\n')

function keyOfPart(part: StoredPart | undefined): string {
  if (part === undefined) return ''
  return typeof part === 'string' && part.length < LEAST_WHOLE_BYTES ? part : sha256(part)
}
