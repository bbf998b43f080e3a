// The sessions before and after one in the list that led to it.

import type { Neighbours } from '../../views/pages/session.tsx'
import { queryStringOf } from '../query/session-parameters.ts'
import type { PageDeps } from './request.ts'
import { readSessionList } from './session-list.ts'

/** Sessions of a page of the list. */
export const PAGE_SIZE = 50

/** `list`: the query of the page of the list, without its question mark. */
export const sessionHref = (id: string, list: string): string =>
  `/admin/sessions/${encodeURIComponent(id)}${queryStringOf({ list })}`

/** A list that cannot be read has no neighbours. */
export async function neighboursIn(
  { ask, clock, formsOfToken }: Pick<PageDeps, 'ask' | 'clock' | 'formsOfToken'>,
  list: string,
  id: string,
): Promise<Neighbours> {
  const read = readSessionList(new URLSearchParams(list), formsOfToken)
  if (!read.ok) return { list: '/admin/sessions' }
  const { choice, after, values } = read.report
  const back = { list: `/admin/sessions${queryStringOf({ ...values, after })}` }
  const firstAfter = async (cursor: string) => {
    const following = await ask('sessions', { ...choice, limit: 1, after: cursor }, clock())
    return following.ok ? following.report.items[0] : undefined
  }
  const page = await ask('sessions', { ...choice, limit: PAGE_SIZE, after }, clock())
  if (!page.ok) return back
  const { items, next } = page.report
  const here = items.findIndex((session) => session.id === id)
  if (here < 0) return back
  const newer = items[here - 1]
  const older = items[here + 1] ?? (next === undefined ? undefined : await firstAfter(next))
  const olderList = items[here + 1] ? list : queryStringOf({ ...values, after: next }).slice(1)
  return {
    ...back,
    ...(newer && { newer: sessionHref(newer.id, list) }),
    ...(older && { older: sessionHref(older.id, olderList) }),
  }
}
