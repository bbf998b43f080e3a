import { parseJson } from '../lib/json.ts'
import type { Cursor, Page } from './store.ts'

/** Where a page ended: the instant and the id of its last item. */
export type Position = { readonly at: number; readonly id: string }

/** Undefined for anything but a cursor from `pageOf`. */
export function readCursor(cursor: Cursor | undefined): Position | undefined {
  const [at, id] = readPlace(cursor) as [at?: number, id?: unknown]
  return at !== undefined && Number.isSafeInteger(at) && typeof id === 'string' ? { at, id } : undefined
}

/** The most that the rows of a page take, in bytes, about; a single one may take more. */
export const PAGE_BYTES = 4_000_000

/** At most `limit` rows and `PAGE_BYTES`: people can make rows as long as they like. */
export function gatherPage<Row>(limit: number, sizeOf: (row: Row) => number) {
  const rows: Row[] = []
  let bytes = 0
  let isFull = false
  return {
    /** False when neither this row nor a later one is on the page. */
    add(row: Row): boolean {
      isFull = rows.length === limit || (rows.length > 0 && bytes + sizeOf(row) > PAGE_BYTES)
      rows.push(row)
      bytes += sizeOf(row)
      return !isFull
    },
    /** What `pageOf` takes. */
    end: () => ({ rows, limit: isFull ? rows.length - 1 : rows.length }),
  }
}

/** `rows`: one more than the page holds, when there is one more. */
export function pageOf<T>(rows: readonly T[], limit: number, positionOf: (item: T) => Position): Page<T> {
  return placedPageOf(rows, limit, (item) => {
    const { at, id } = positionOf(item)
    return [at, id]
  })
}

/** The place of a cursor in any order, unchecked; an empty list for anything else. */
export function readPlace(cursor: Cursor | undefined): readonly unknown[] {
  const value: unknown = parseJson(Buffer.from(cursor ?? '', 'base64url').toString())
  return Array.isArray(value) ? value : []
}

export function placedPageOf<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (item: T) => readonly (string | number)[],
): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (rows.length <= limit || last === undefined) return { items }
  return { items, next: Buffer.from(JSON.stringify(placeOf(last))).toString('base64url') }
}

/** Page by page, to the last one. */
export async function* pagesOf<T>(read: (after: { after?: string }) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  let next: string | undefined
  do {
    const page = await read(next === undefined ? {} : { after: next })
    yield page.items
    next = page.next
  } while (next !== undefined)
}
