import { LRUCache } from 'lru-cache'
import { sha256 } from '../lib/ids.ts'
import { decodeParts, type StoredPart, type StoredParts } from './encode-parts.ts'
import type { RollupKind } from './kinds.ts'
import type { StoredRollup } from './storage.ts'

/** Makes of an aggregate what a question needs: the same without the rest, or something smaller. */
export type Condense<Aggregate, Sum = Aggregate> = {
  /** Questions by the same name make the same, of the same parts. */
  readonly name: string
  /** The instant that the question is about, on which it may depend what is dropped. */
  readonly asOf: number
  readonly of: (aggregate: Aggregate) => Condensed<Sum>
}

/** `isFinal`: as of any later instant, too. */
export type Condensed<Sum> = { readonly sum: Sum; readonly isFinal: boolean }

/**
 * Decodes rollups to what a question needs of them, and remembers those of days long past, which are the same each time that a page asks
 * for them; of the others, what was decoded. They go by their ids, or by their own bytes where they have none, so none is ever out of
 * date.
 */
export function createDecoder<Aggregate>({ parts, decode }: Pick<RollupKind<never, Aggregate>, 'parts' | 'decode'>) {
  const finals = new LRUCache<string, { readonly sum: unknown; readonly asOf: number }>({ maxSize: MAX_FINAL_BYTES })
  const wholes = new LRUCache<string, { readonly aggregate: Aggregate }>({ maxSize: MAX_WHOLE_BYTES })

  return <Sum>(
    { parts: stored, id }: Pick<StoredRollup, 'parts' | 'id'>,
    { name, asOf, of }: Condense<Aggregate, Sum>,
  ): Condensed<Sum> => {
    const finalKey = `${name} ${id ?? keyOf(parts, stored)}`
    const final = finals.get(finalKey)
    if (final && final.asOf <= asOf) return { sum: final.sum as Sum, isFinal: true }
    const key = keyOf(parts, stored)
    const size = parts.reduce((bytes, part) => bytes + (stored[part]?.length ?? 0), 0)
    const whole = wholes.get(key) ?? { aggregate: decode(decodeParts({ parts }, stored)) }
    const condensed = of(whole.aggregate)
    if (condensed.isFinal) finals.set(finalKey, { sum: condensed.sum, asOf }, { size })
    else if (size >= LEAST_WHOLE_BYTES) wholes.set(key, whole, { size })
    return condensed
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
