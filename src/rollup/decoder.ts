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
 * Decodes rollups, and remembers those that were decoded last: days long past are the same each time that a page asks for them. They go
 * by their own bytes, so none is ever out of date.
 */
export function createDecoder<Sum>({ parts, decode }: Pick<RollupKind<never, Sum>, 'parts' | 'decode'>) {
  const wholes = new LRUCache<string, { readonly sum: Sum }>({ maxSize: MAX_WHOLE_BYTES })
  const finals = new LRUCache<string, { readonly sum: Sum; readonly asOf: number }>({ maxSize: MAX_FINAL_BYTES })
  const sizeOf = (stored: StoredParts) => parts.reduce((bytes, part) => bytes + (stored[part]?.length ?? 0), 0)
  const decoded = (stored: StoredParts) => decode(decodeParts({ parts }, stored))

  const whole = (stored: StoredParts, key = keyOf(parts, stored)): Sum => {
    const size = sizeOf(stored)
    if (size < LEAST_WHOLE_BYTES) return decoded(stored)
    const found = wholes.get(key) ?? { sum: decoded(stored) }
    wholes.set(key, found, { size })
    return found.sum
  }

  return {
    whole,
    /** What a question needs of it. */
    condensed(stored: StoredParts, { name, asOf, of }: Condense<Sum>): Sum {
      const key = keyOf(parts, stored)
      const known = finals.get(`${name} ${key}`)
      if (known && known.asOf <= asOf) return known.sum
      const { sum, isFinal } = of(whole(stored, key))
      if (isFinal) finals.set(`${name} ${key}`, { sum, asOf }, { size: sizeOf(stored) })
      return sum
    },
  }
}

/** Of all that is remembered, as it is stored; in memory a whole one takes several times as much. */
const MAX_WHOLE_BYTES = 3_000_000
const MAX_FINAL_BYTES = 6_000_000
/** A smaller one is decoded as soon as it is looked up. */
const LEAST_WHOLE_BYTES = 4_000

/** A part that was not read is another thing than an empty one. Of a short text, the text is found sooner than its hash. */
const keyOf = (parts: readonly (keyof StoredParts)[], stored: StoredParts): string =>
  parts.map((part) => keyOfPart(stored[part])).join('\n')

function keyOfPart(part: StoredPart | undefined): string {
  if (part === undefined) return ''
  return typeof part === 'string' && part.length < LEAST_WHOLE_BYTES ? part : sha256(part)
}
