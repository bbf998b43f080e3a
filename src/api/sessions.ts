import { z } from 'zod'
import type { Factor } from '../insight/shapes.ts'
import { list } from '../lib/shapes.ts'
import { fitPage } from '../report/page.ts'
import { LOAD_BUCKETS } from '../rollup/load-bucket.ts'
import { LONGEST_TOKEN } from '../trail/event.ts'
import { ENDINGS } from '../trail/session.ts'
import { ANSWER_PAGE_BYTES, CHOICE, name, number, PERIOD, paging, parameter, VERSION } from './parameters.ts'
import type { QueryOf } from './read-query.ts'
import { resource } from './resource.ts'
import { sessionLine, showSession } from './session.ts'

const parameters = {
  flow: parameter(name().optional(), 'Only of this flow.', 'a flow'),
  from: parameter(PERIOD.from.schema, 'The first day they began on, in server.timezone.', PERIOD.from.expected),
  until: parameter(PERIOD.until.schema, 'The last day they began on, in server.timezone.', PERIOD.until.expected),
  ending: parameter(z.enum(ENDINGS).optional(), 'What became of them.', 'completed, open or lost'),
  exit: parameter(name().optional(), 'The screen that people were on last.', 'a screen'),
  token: parameter(z.string().min(1).max(LONGEST_TOKEN).optional(), 'The whole flow token.', 'a flow token'),
  ...VERSION,
  ...CHOICE,
  rule: parameter(
    name()
      .regex(/^.*\/[^/]+$/s)
      .optional(),
    'A rule that refused them on the screen `exit`, or on any: `field/rule`.',
    'a field and a rule such as date/min',
  ),
  load: parameter(
    z.enum(LOAD_BUCKETS).optional(),
    'How long the screen `exit` took to load.',
    `one of ${LOAD_BUCKETS.join(', ')}`,
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
  ...paging(1_000),
}

export const sessionsResource = resource({
  path: '/sessions',
  summary:
    'Sessions, the newest first, a page at a time. A page can hold fewer than `limit`; there are more while there is a `next`.',
  parameters,
  answer: z.strictObject({ sessions: list(sessionLine), next: z.string().optional() }),
  report: 'sessions',
  question({ query, caller, formsOfToken }) {
    const { flow, from, until, ending, exit, limit, after } = query
    const token = query.token === undefined ? undefined : formsOfToken(query.token)
    const audit = { who: caller, what: 'api_sessions', detail: detailOf({ ...query, token: token?.[0] }) } as const
    return { flow, from, until, ending, exit, token, factors: factorsOf(query), limit, after, audit }
  },
  show(page) {
    const { items, ...next } = fitPage(page, ANSWER_PAGE_BYTES, showSession, ({ startedAt: at, id }) => ({ at, id }))
    return { sessions: items, ...next }
  },
})

type Query = QueryOf<typeof parameters>

function factorsOf({ version, choice, rule, load, weekday, hour }: Query): Factor[] {
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

/** The filters as in the URL, without the page. */
function detailOf({ limit, after, choice, ...filters }: Query): string {
  const given = Object.entries({ ...filters, choice: choice && `${choice.field}:${choice.value}` })
  const filled = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return filled.length === 0 ? 'everything' : `?${new URLSearchParams(filled)}`
}
