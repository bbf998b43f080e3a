import { LRUCache } from 'lru-cache'
import { sha256 } from '../lib/ids.ts'
import { decodeParts, type StoredParts } from './encode-parts.ts'
import type { RollupKind } from './kinds.ts'

/**
 * Decodes rollups, and remembers those that were decoded last: days long past are the same each time that a page asks for them. They go
 * by their own bytes, so none is ever out of date.
 */
export function createDecoder<Sum>({
  parts,
  decode,
}: Pick<RollupKind<never, Sum>, 'parts' | 'decode'>): (stored: StoredParts) => Sum {
  const cache = new LRUCache<string, { readonly sum: Sum }>({ maxSize: MAX_CACHE_BYTES })
  const decoded = (stored: StoredParts) => decode(decodeParts({ parts }, stored))
  return (stored) => {
    const size = parts.reduce((bytes, part) => bytes + (stored[part]?.length ?? 0), 0)
    if (size < LEAST_BYTES) return decoded(stored)
    const key = keyOf(parts.map((part) => stored[part]))
    const found = cache.get(key) ?? { sum: decoded(stored) }
    cache.set(key, found, { size })
    return found.sum
  }
}

/** Of all that is remembered, as it is stored; in memory it takes several times as much. */
const MAX_CACHE_BYTES = 3_000_000
/** A smaller one is decoded as soon as it is looked up. */
const LEAST_BYTES = 4_000

/** A part that was not read is another thing than an empty one. */
const keyOf = (parts: readonly StoredParts[keyof StoredParts][]): string =>
  parts.map((part) => (part === undefined ? '' : sha256(part))).join()
