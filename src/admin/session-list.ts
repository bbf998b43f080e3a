// Which sessions a list holds, as it stands in its address: read, named in chips, and written into other addresses.

import type { ChipView } from '../../views/parts/chips.tsx'
import type { FilterValues } from '../../views/parts/filter-form.tsx'
import type { Config } from '../config/schema.ts'
import { WEEKDAYS } from '../insight/drivers.ts'
import { type DayRange, dayOf, dayPlus, hourEnds } from '../lib/days.ts'
import { paging } from '../query/parameters.ts'
import { readQuery } from '../query/read-query.ts'
import { queryStringOf, SESSIONS, type SessionLink, sessionsQuestionOf } from '../query/session-parameters.ts'
import { type ReportResult, reported } from '../report/result.ts'
import { isFiltering, matches } from '../report/session-filter.ts'
import { type SessionChoice, storeQueryOf } from '../report/sessions.ts'
import type { ExportQuery } from '../store/export.ts'
import { funnelOf } from './funnel.ts'
import type { PageClock } from './page-question.ts'
import type { ScreenNames } from './screen-names.ts'

export type SessionList = {
  readonly choice: SessionChoice
  readonly after: string | undefined
  readonly values: SessionLink
}

const { after } = paging(1)

/** Empty values are no values: forms send them. `more`: names that do not filter. */
export function readSessionList(
  params: URLSearchParams,
  formsOfToken: (typed: string) => readonly string[],
  more: readonly string[] = [],
): ReportResult<SessionList> {
  const sent = [...params].map(([name, value]): [string, string] => [name, value.trim()])
  const given = sent.filter(([name, value]) => value !== '' && !more.includes(name))
  const read = readQuery({ ...SESSIONS, after }, new URLSearchParams(given))
  if (!read.ok) return read
  const query = read.report
  const token = query.token === undefined ? undefined : formsOfToken(query.token)
  const { after: from, ...values } = Object.fromEntries(given) as SessionLink & { readonly after?: string }
  return reported({ choice: { ...sessionsQuestionOf(query), token }, after: from, values })
}

export function exportQueryOf({ choice }: SessionList, config: Pick<Config, 'flows' | 'server'>): ExportQuery {
  const { timezone } = config.server
  const meaning = { timezone, funnel: funnelOf(config, choice.flow ?? '') }
  return {
    ...storeQueryOf(choice, timezone),
    ...(isFiltering(choice.filter) && { only: (session) => matches(session, choice.filter, meaning) }),
  }
}

export const FORM_FIELDS = ['flow', 'ending', 'exit', 'token', 'from', 'until'] as const

export const formValuesOf = (values: SessionLink): FilterValues =>
  Object.fromEntries(FORM_FIELDS.map((name) => [name, String(values[name] ?? '')])) as FilterValues

/** The days that a list is about; those of a year where it does not say. */
export function daysOf({ from, until }: SessionLink, { timezone, now }: PageClock): DayRange {
  const last = String(until ?? dayOf(now, timezone))
  return { from: String(from ?? dayPlus(last, -365)), until: last, timezone }
}

/** The filters that the form does not have. */
export const chipsOf = (values: SessionLink, time: PageClock, names: ScreenNames): ChipView[] =>
  wordsOf(values, daysOf(values, time), (screen) => names(screen).name).map(({ name, words }) => ({
    label: words,
    without: `/admin/sessions${queryStringOf({ ...values, [name]: undefined })}`,
  }))

/** What the people have in common, in words that follow *people who*. `nameOf`: what screens are called, their ids by default. */
export function wordsOf(
  values: SessionLink,
  days: DayRange,
  nameOf: NameOf = (screen) => screen,
): { readonly name: keyof SessionLink; readonly words: string }[] {
  const names = Object.keys(LABELS) as (keyof typeof LABELS)[]
  return names.flatMap((name) => {
    const value = values[name]
    return value === undefined ? [] : [{ name, words: LABELS[name](String(value), { days, nameOf }) }]
  })
}

/** All filters, in words. */
export function describeFilters(values: SessionLink, time: PageClock): string {
  const inForm = FORM_FIELDS.flatMap((name) => {
    const value = values[name]
    return value === undefined || value === '' ? [] : [FORM_LABELS[name](String(value))]
  })
  return [...inForm, ...wordsOf(values, daysOf(values, time)).map(({ words }) => words)].join(', ') || 'everything'
}

const FORM_LABELS: { readonly [name in (typeof FORM_FIELDS)[number]]: (value: string) => string } = {
  flow: (flow) => `flow ${flow}`,
  ending: (ending) => ending,
  exit: (screen) => `last on ${screen}`,
  token: (token) => `flow token ${token}`,
  from: (day) => `from ${day}`,
  until: (day) => `until ${day}`,
}

type NameOf = (screen: string) => string

/** `days`: those that the list is about, which say where an hour begins in its zone. */
type Terms = { readonly days: DayRange; readonly nameOf: NameOf }

const named = (screens: string, nameOf: NameOf): string[] => screens.split(',').map(nameOf)

const LABELS = {
  version: (version: string) => `began in version ${version}`,
  choice: (choice: string) => `chose ${choice.replace(':', ' = ')}`,
  screen: (screen: string, { nameOf }: Terms) => `visited ${nameOf(screen)}`,
  path: (screens: string, { nameOf }: Terms) => `went ${named(screens, nameOf).join(' → ')}`,
  reached: (step: string) => `reached step ${step}`,
  furthest: (step: string) => `got to step ${step} and no further`,
  excluded: () => 'left out of the funnel',
  rule: (rule: string) => `were refused by ${rule}`,
  visit: (kind: string) => `a visit there: ${kind.replace('_', ' ')}`,
  error: (code: string) => `had the error ${code}`,
  throughout: () => 'also after completing',
  load: (bucket: string) => `waited ${bucket} for it`,
  weekday: (day: string) => `began on a ${WEEKDAYS[Number(day) - 1]}`,
  hour: (hour: string, { days }: Terms) => `began between ${hourEnds(Number(hour), days).join(' and ')}`,
  steps: (steps: string, { nameOf }: Terms) => {
    const names = steps.split(',').map((step) => step.split('|').map(nameOf).join(' or '))
    return `steps: ${names.join(', then ')}`
  },
  strict: (is: string) => (is === 'true' ? 'in strict order' : 'in any order'),
  exclude: (screens: string, { nameOf }: Terms) => `without those who saw ${named(screens, nameOf).join(', ')}`,
  window: (duration: string) => `within ${duration} from step to step`,
} satisfies { readonly [name in keyof SessionLink]?: (value: string, terms: Terms) => string }
