// The filters of a list of sessions, as they stand in an address: read, and written into links.

import { z } from 'zod'
import type { Factor } from '../insight/shapes.ts'
import { type SessionFilter, VISIT_KINDS } from '../report/session-filter.ts'
import type { SessionsQuestion } from '../report/sessions.ts'
import { LOAD_BUCKETS } from '../rollup/load-bucket.ts'
import { LONGEST_TOKEN } from '../trail/event.ts'
import { ENDINGS } from '../trail/session.ts'
import { FUNNEL, funnelQueryOf, screenList } from './funnel-parameters.ts'
import { CHOICE, name, number, PERIOD, parameter, VERSION } from './parameters.ts'
import type { QueryOf } from './read-query.ts'

const step = number(z.number().int().min(1).max(1_000).optional())
const STEP = 'a whole number from 1'

export const SESSIONS = {
  flow: parameter(name().optional(), 'Only of this flow.', 'a flow'),
  from: parameter(PERIOD.from.schema, 'The first day they began on, in server.timezone.', PERIOD.from.expected),
  until: parameter(PERIOD.until.schema, 'The last day they began on, in server.timezone.', PERIOD.until.expected),
  ending: parameter(z.enum(ENDINGS).optional(), 'What became of them.', 'completed, open or lost'),
  exit: parameter(name().optional(), 'The screen that people were on last.', 'a screen'),
  token: parameter(z.string().min(1).max(LONGEST_TOKEN).optional(), 'The whole flow token.', 'a flow token'),
  ...VERSION,
  ...CHOICE,
  screen: parameter(name().optional(), 'A screen that people visited.', 'a screen'),
  rule: parameter(
    name()
      .regex(/^.*\/[^/]+$/s)
      .optional(),
    'A rule that refused them on `screen`, else on `exit`, else on any: `field/rule`.',
    'a field and a rule such as date/min',
  ),
  visit: parameter(
    z.enum(VISIT_KINDS).optional(),
    'What happened in a visit to `screen`, else to `exit`, else to any.',
    `one of ${VISIT_KINDS.join(', ')}`,
  ),
  error: parameter(
    name().optional(),
    'The code of an error on `screen`, else on `exit`, else on any; refusals are `rule`.',
    'a code such as client:timeout',
  ),
  throughout: parameter(
    z.literal('true').optional(),
    'What people did after completing counts for `screen`, `rule`, `visit`, `error` and `load`, too.',
    'true',
  ),
  load: parameter(
    z.enum(LOAD_BUCKETS).optional(),
    'How long `screen`, else `exit`, took to load when people had it last.',
    `one of ${LOAD_BUCKETS.join(', ')}`,
  ),
  path: parameter(
    screenList.optional(),
    'Screens that people visited one right after the other.',
    'screens such as DATE,SERVICE',
  ),
  weekday: parameter(
    number(z.number().int().min(1).max(7).optional()),
    'The weekday they began on; Monday is 1.',
    'a whole number from 1 to 7',
  ),
  hour: parameter(
    number(z.number().min(0).max(23.75).multipleOf(0.25).optional()),
    'The hour they began in; 9.5 is from half past nine.',
    'a number from 0 to 23.75',
  ),
  reached: parameter(step, 'A step of the funnel that they reached; the first is 1. Needs `flow` or `steps`.', STEP),
  furthest: parameter(step, 'The last step of the funnel that they reached.', STEP),
  excluded: parameter(z.literal('true').optional(), 'Only sessions that `exclude` leaves out of the funnel.', 'true'),
  ...FUNNEL,
}

export type SessionParameters = QueryOf<typeof SESSIONS>

/** The filters as they stand in an address. */
export type SessionLink = { readonly [name in keyof typeof SESSIONS]?: string | number | undefined }

function filterOf(query: SessionParameters): SessionFilter {
  const { exit, screen, visit, error, throughout, path, reached, furthest, excluded } = query
  const isInFunnel = [reached, furthest, excluded].some((part) => part !== undefined)
  return {
    ...{ exit, screen, visit, error, path },
    factors: factorsOf(query),
    ...(throughout && { isThroughout: true as const }),
    ...(isInFunnel && {
      place: { ...funnelQueryOf(query), reached, furthest, ...(excluded && { isExcluded: true as const }) },
    }),
  }
}

export const sessionsQuestionOf = (
  query: SessionParameters,
): Pick<SessionsQuestion, 'flow' | 'from' | 'until' | 'ending' | 'filter'> => {
  const { flow, from, until, ending } = query
  return { flow, from, until, ending, filter: filterOf(query) }
}

function factorsOf({ version, choice, rule, load, weekday, hour }: SessionParameters): Factor[] {
  const slash = rule?.lastIndexOf('/') ?? 0
  return [
    ...when(version, (version) => ({ kind: 'version', version })),
    ...when(choice, (choice) => ({ kind: 'choice', ...choice })),
    ...when(rule, (rule) => ({ kind: 'rule', field: rule.slice(0, slash), rule: rule.slice(slash + 1) })),
    ...when(load, (bucket) => ({ kind: 'load', bucket })),
    ...when(weekday, (weekday) => ({ kind: 'weekday', weekday })),
    ...when(hour, (hour) => ({ kind: 'hour', hour })),
  ]
}

const when = <T>(value: T | undefined, factor: (value: T) => Factor): Factor[] =>
  value === undefined ? [] : [factor(value)]

export function linkOfFactor(factor: Factor): SessionLink {
  switch (factor.kind) {
    case 'choice':
      return {
        choice: `${factor.field}:${typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)}`,
      }
    case 'rule':
      return { rule: `${factor.field}/${factor.rule}` }
    case 'load':
      return { load: factor.bucket }
    case 'weekday':
      return { weekday: factor.weekday }
    case 'hour':
      return { hour: factor.hour }
    case 'version':
      return { version: factor.version }
  }
}

/** `?flow=repair-booking&exit=DATE`; empty for no filters. */
export function queryStringOf(values: { readonly [name: string]: string | number | undefined }): string {
  let text = ''
  // Hundreds of links on a page: a third of the time of URLSearchParams.
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '')
      text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(String(value).toWellFormed())}`
  return text
}
