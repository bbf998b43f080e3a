import { LRUCache } from 'lru-cache'
import type { Hour } from '../insight/hour.ts'

/** An hour that was gone through, and as which revision it was written last: another process may have written it since. */
export type RememberedHour<Item, Sum> = { readonly making: Hour<Item, Sum>; readonly revision: number }

/** The hours that were gone through last. Who forgets one has to go through it anew, so this is for speed alone. */
export const rememberHours = <Item, Sum>() =>
  new LRUCache<string, RememberedHour<Item, Sum>>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ making }) => making.bytes(),
  })

/** Enough for 25 large hours, or for the present one of a hundred flows where little happens. */
const MAX_BYTES = 10_000_000
