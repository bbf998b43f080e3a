import type { Cursor, Page } from './store.ts'

/** Where a page ended: the instant and the id of its last item. */
export type Position = { readonly at: number; readonly id: string }

/** Undefined for anything that `pageOf` did not give out. */
export function readCursor(cursor: Cursor | undefined): Position | undefined {
  if (cursor === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const [at, id] = Array.isArray(value) ? value : []
    return Number.isSafeInteger(at) && typeof id === 'string' ? { at, id } : undefined
  } catch {
    return undefined
  }
}

/** `rows`: one more than the page holds, when there is one more. */
export function pageOf<T>(rows: readonly T[], limit: number, positionOf: (item: T) => Position): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (rows.length <= limit || last === undefined) return { items }
  const { at, id } = positionOf(last)
  return { items, next: Buffer.from(JSON.stringify([at, id])).toString('base64url') }
}
