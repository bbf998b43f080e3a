// Which sessions are asked for: from the address bar to a query, and back.

import { dayBounds } from '../lib/days.ts'
import type { ExportQuery } from '../store/export.ts'
import { LONGEST_TOKEN } from '../trail/event.ts'
import type { Ending } from '../trail/session.ts'

/** As the form has them; an empty text does not filter. Days are `2026-11-22`, both included. */
export type Filters = {
  readonly flow: string
  readonly ending: Ending | ''
  readonly exit: string
  readonly token: string
  readonly from: string
  readonly until: string
}

/** What makes no sense is left out: an old bookmark shows more rather than an error. */
export function readFilters(params: URLSearchParams, timezone: string): Filters {
  const text = (name: string) => (params.get(name) ?? '').trim().slice(0, LONGEST_TOKEN)
  const day = (name: string) => (dayBounds(text(name), timezone) ? text(name) : '')
  return {
    flow: text('flow'),
    ending: ENDINGS.find((ending) => ending === text('ending')) ?? '',
    exit: text('exit'),
    token: text('token'),
    from: day('from'),
    until: day('until'),
  }
}

/** `formsOfToken`: what the token that was typed may be stored as. */
export function queryOf(
  filters: Filters,
  timezone: string,
  formsOfToken: (typed: string) => readonly string[],
): ExportQuery {
  const from = dayBounds(filters.from, timezone)?.from
  const until = dayBounds(filters.until, timezone)?.until
  return {
    ...(filters.flow && { flow: filters.flow }),
    ...(filters.ending && { ending: filters.ending }),
    ...(filters.exit && { exit: filters.exit }),
    ...(filters.token && { token: formsOfToken(filters.token) }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  }
}

/** `?flow=repair-booking&ending=lost`, or nothing when nothing filters. */
export function searchOf(filters: Filters, more: { readonly [name: string]: string } = {}): string {
  const given = Object.entries({ ...filters, ...more }).filter(([, value]) => value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export const ENDINGS: readonly Ending[] = ['completed', 'open', 'lost']
