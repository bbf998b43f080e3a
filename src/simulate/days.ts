// Days as `YYYY-MM-DD`, which sort as text.

import { DAY_MS } from '../lib/units.ts'

/** The day it is at an instant, by the clocks of a time zone. */
export function dayReader(timezone: string): (now: number) => string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return (now) => {
    const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]))
    return `${parts.year}-${parts.month}-${parts.day}`
  }
}

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

export const daysFrom = (first: string, last: string): number => (Date.parse(last) - Date.parse(first)) / DAY_MS

/** The first and last day a field allows; undefined where it sets no bound. Bounds are days, or counted from today. */
export function allowedDays(
  bounds: { readonly min?: string | number | undefined; readonly max?: string | number | undefined },
  today: string,
): { readonly first?: string; readonly last?: string } {
  const first = dayOfBound(bounds.min, today)
  const last = dayOfBound(bounds.max, today)
  return { ...(first && { first }), ...(last && { last }) }
}

function dayOfBound(bound: string | number | undefined, today: string): string | undefined {
  if (typeof bound !== 'string') return undefined
  return bound.startsWith('today') ? addDays(today, Number.parseInt(bound.slice('today'.length) || '0', 10)) : bound
}
