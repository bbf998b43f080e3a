// The question of a page about numbers, as it stands in its address. Every card of the page answers it.

import { z } from 'zod'
import type { PeriodBarView } from '../../views/parts/period-bar.tsx'
import { dayOf, dayPlus, daysBetween } from '../lib/days.ts'
import { PERIOD, parameter } from '../query/parameters.ts'
import { type Parameters, type QueryOf, readQuery } from '../query/read-query.ts'
import { queryStringOf, type SessionLink } from '../query/session-parameters.ts'
import { DEFAULT_DAYS, LONGEST_DAYS, type Period, periodBefore, periodOf } from '../report/period.ts'
import { badParameter, type ReportResult, reported } from '../report/result.ts'

const PRESETS = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': '7 days',
  '28d': '28 days',
  '91d': '91 days',
  month: 'Month',
} as const

type Preset = keyof typeof PRESETS

const PRESET_NAMES = Object.keys(PRESETS) as Preset[]
const DEFAULT_PRESET = `${DEFAULT_DAYS}d` satisfies Preset

const SHARED = {
  period: parameter(z.enum(PRESET_NAMES).optional(), 'A usual period.', `one of ${PRESET_NAMES.join(', ')}`),
  ...PERIOD,
}

export const COMPARE = {
  compare: parameter(z.literal('previous').optional(), 'Compares with the period before.', 'previous'),
}

type Values = { readonly [name: string]: string | number | undefined }

export type PageQuestion<P extends Parameters> = {
  readonly query: QueryOf<P & typeof SHARED>
  readonly period: Period
  /** Undefined if the days were given. */
  readonly preset: Preset | undefined
  /** The same page with other values; undefined takes one away. */
  href(changes: Values): string
  /** The values of the address but those named, for a form that sends these itself. */
  hiddenBut(...names: readonly string[]): [name: string, value: string][]
  /** Another page, about the same period and version, and what else is kept. */
  hrefOf(path: string): string
  /** The sessions that a number of this page counts. */
  sessionsHref(filter: SessionLink): string
}

export type PageClock = { readonly timezone: string; readonly now: number }

/**
 * `more`: parameters of this page only. `kept`: names that its links to other pages keep, also where this one does not ask by them.
 * Empty values are no values: forms send them.
 */
export function readPageQuestion<P extends Parameters>(
  { pathname, searchParams }: Pick<URL, 'pathname' | 'searchParams'>,
  more: P,
  { timezone, now }: PageClock,
  kept: readonly string[] = [],
): ReportResult<PageQuestion<P>> {
  const sent = [...searchParams].filter(([, value]) => value.trim() !== '')
  const asked = new URLSearchParams(sent.filter(([name]) => Object.hasOwn(more, name) || !kept.includes(name)))
  const read = readQuery({ ...SHARED, ...more }, asked)
  if (!read.ok) return read
  const query = read.report as QueryOf<P & typeof SHARED>
  const { from, until, period: named, compare } = query as QueryOf<typeof SHARED & typeof COMPARE>
  if (named !== undefined && (from !== undefined || until !== undefined))
    return badParameter('`period` and the days `from` and `until` are both given; expected one of them')
  const preset = from === undefined && until === undefined ? (named ?? DEFAULT_PRESET) : undefined
  const days = preset === undefined ? { from, until } : daysOf(preset, dayOf(now, timezone), compare !== undefined)
  const period = periodOf(days, timezone, now)
  if (!period.ok) return period

  const values: Values = Object.fromEntries(sent)
  const { version, choice }: Values = Object.fromEntries(asked)
  const sharedNames = [...Object.keys(SHARED), 'version', ...kept]
  const shared = queryStringOf(Object.fromEntries(sharedNames.map((name) => [name, values[name]])))
  return reported({
    query,
    period: period.report,
    preset,
    href: (changes) => `${pathname}${queryStringOf({ ...values, ...changes })}`,
    hiddenBut: (...names) => sent.filter(([name]) => !names.includes(name)),
    hrefOf: (path) => `${path}${shared}`,
    sessionsHref: (filter) =>
      `/admin/sessions${queryStringOf({ ...fixedDays(period.report), version, choice, ...filter })}`,
  })
}

const fixedDays = ({ from, until }: Period) => ({ from, until })

/** A comparison ends yesterday, as today is not over, where any of its days are over. */
function daysOf(preset: Preset, today: string, isCompared: boolean): { from: string; until: string } {
  const until = isCompared ? dayPlus(today, -1) : today
  switch (preset) {
    case 'today':
      return { from: today, until: today }
    case 'yesterday':
      return { from: dayPlus(today, -1), until: dayPlus(today, -1) }
    case 'month': {
      const from = `${today.slice(0, 8)}01`
      return { from, until: from < until ? until : from }
    }
    default:
      return { from: dayPlus(until, 1 - Number.parseInt(preset, 10)), until }
  }
}

export function periodBarOf(question: PageQuestion<Parameters>, { timezone, now }: PageClock): PeriodBarView {
  const { period, preset, href } = question
  const { from, until } = period
  const today = dayOf(now, timezone)
  const days = daysBetween(from, until) + 1
  const shifted = (by: number) => href({ period: undefined, from: dayPlus(from, by), until: dayPlus(until, by) })
  const { compare } = question.query as { readonly compare?: string }
  const before = periodBefore(period)
  return {
    text: periodText(from, until),
    timezone,
    from,
    until,
    longestDays: LONGEST_DAYS,
    presets: PRESET_NAMES.map((name) => ({
      label: PRESETS[name],
      href: href({ period: name === DEFAULT_PRESET ? undefined : name, from: undefined, until: undefined }),
      isCurrent: name === preset,
    })),
    before: shifted(-days),
    ...(until < today && { after: shifted(days) }),
    ...(preset !== undefined && { fixed: href({ period: undefined, from, until }) }),
    ...('compare' in question.query && {
      compare: {
        href: href({ compare: compare ? undefined : 'previous' }),
        isOn: compare !== undefined,
        ...(compare && now < period.endsAt && { unlike: periodText(before.from, before.until) }),
      },
    }),
    hidden: question.hiddenBut('period', 'from', 'until'),
  }
}

const DAY_FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

const SHORT_DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** `3 Nov` */
export const shortDay = (day: string): string => SHORT_DAY.format(Date.parse(day))

/** `1 to 28 Nov 2026`, shortened by what both have in common. */
export const periodText = (from: string, until: string): string =>
  from === until
    ? DAY_FORMAT.format(Date.parse(from))
    : DAY_FORMAT.formatRange(Date.parse(from), Date.parse(until)).replaceAll(' ', ' ')
