// Pages of a report, within the size that an answer may have.

import { takeBytes } from '../lib/take-bytes.ts'
import { type Position, pageOf, readCursor } from '../store/cursor.ts'
import type { Page } from '../store/store.ts'

export const isCursor = (text: string): boolean => readCursor(text) !== undefined

/**
 * The first items of a page, in the form that `show` gives them: as many as take `bytes` bytes of JSON together, but at least one.
 * The rest is left to the next page.
 */
export function fitPage<T, S>(
  page: Page<T>,
  bytes: number,
  show: (item: T) => S,
  positionOf: (item: T) => Position,
): Page<S> {
  const items = takeBytes(page.items.map(show), bytes)
  const { next = page.next } = pageOf(page.items, items.length, positionOf)
  return { items, ...(next !== undefined && { next }) }
}
