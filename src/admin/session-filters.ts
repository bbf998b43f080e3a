// The session filters: from a URL to a store query, and back.

import type { FilterValues } from '../../views/parts/filter-form.tsx'
import { dayBounds } from '../lib/days.ts'
import type { ExportQuery } from '../store/export.ts'
import { LONGEST_TOKEN } from '../trail/event.ts'
import type { Ending } from '../trail/session.ts'

export type Filters = FilterValues & { readonly ending: Ending | '' }

/** Ignores invalid values, so that an old bookmark shows more sessions instead of an error. */
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

/** `formsOfToken`: the forms in which a store may hold the token that somebody typed. */
export function queryOf(
  filters: Filters,
  timezone: string,
  formsOfToken: (token: string) => readonly string[],
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

/** `?flow=repair-booking&ending=lost`; empty if nothing filters. */
export function queryStringOf(filters: Filters, more: { readonly [name: string]: string } = {}): string {
  const given = Object.entries({ ...filters, ...more }).filter(([, value]) => value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export const ENDINGS: readonly Ending[] = ['completed', 'open', 'lost']
