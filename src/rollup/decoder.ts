import { LRUCache } from 'lru-cache'
import { sha256 } from '../lib/ids.ts'
import { decodeParts, type StoredPart, type StoredParts } from './encode-parts.ts'
import type { RollupKind } from './kinds.ts'
import type { StoredRollup } from './storage.ts'

/** Makes of an aggregate what a question needs: the same without the rest, or something smaller. */
export type Condense<Aggregate, Sum = Aggregate> = {
  /** Questions by the same name make the same, of the same parts and as of the same time. */
  readonly name: string
  /** The time that the question is about, as precisely as what is dropped depends on it. */
  readonly asOf: number
  readonly of: (aggregate: Aggregate) => Condensed<Sum>
}

/** `isFinal`: as of any later time, too. */
export type Condensed<Sum> = { readonly sum: Sum; readonly isFinal: boolean }

/**
 * Decodes rollups to what a question needs of them, and remembers that: final ones for good, the others as long as it is asked as of the
 * same time. They go by their ids, or by their own bytes where they have none, so none is ever out of date.
 */
export function createDecoder<Aggregate>({ parts, decode }: Pick<RollupKind<never, Aggregate>, 'parts' | 'decode'>) {
  const remembered = new LRUCache<string, Condensed<unknown> & { readonly asOf: number }>({ maxSize: MAX_BYTES })

  return <Sum>(
    { parts: stored, id }: Pick<StoredRollup, 'parts' | 'id'>,
    { name, asOf, of }: Condense<Aggregate, Sum>,
  ): Condensed<Sum> => {
    const key = `${name} ${id ?? keyOf(parts, stored)}`
    const known = remembered.get(key)
    if (known && (known.asOf === asOf || (known.isFinal && known.asOf < asOf))) return known as Condensed<Sum>
    const condensed = of(decode(decodeParts({ parts }, stored)))
    const size = parts.reduce((bytes, part) => bytes + (stored[part]?.length ?? 0), 0)
    remembered.set(key, { ...condensed, asOf }, { size })
    return condensed
  }
}

/** As it is stored; in memory it takes several times as much. */
const MAX_BYTES = 9_000_000

/** A part that was not read is another thing than an empty one. Of a short text, the text is found sooner than its hash. */
const keyOf = (parts: readonly (keyof StoredParts)[], stored: StoredParts): string =>
  parts.map((part) => keyOfPart(stored[part])).join('\n')

function keyOfPart(part: StoredPart | undefined): string {
  if (part === undefined) return ''
  return typeof part === 'string' && part.length < SHORT ? part : sha256(part)
}

/** A shorter text is found as soon as its hash. */
const SHORT = 4_000
