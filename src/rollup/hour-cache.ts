import { LRUCache } from 'lru-cache'
import type { PartialHour } from './partial-hour.ts'

/** An hour that was gone through, and as which revision it was written last: another process may have written it since. */
export type CachedHour<Item, Sum> = { readonly partial: PartialHour<Item, Sum>; readonly revision: number }

/** The hours that were gone through last. Who forgets one has to go through it anew, so this is for speed alone. */
export const createHourCache = <Item, Sum>() =>
  new LRUCache<string, CachedHour<Item, Sum>>({
    maxSize: MAX_CACHE_BYTES,
    sizeCalculation: ({ partial }) => partial.bytes(),
  })

/** Enough for 25 large hours, or for the present one of a hundred flows where little happens. */
const MAX_CACHE_BYTES = 10_000_000
