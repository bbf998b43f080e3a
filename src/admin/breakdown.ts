// The funnel of each group: by version, weekday, hour, or what people chose.

import type { BreakdownGroup, BreakdownView } from '../../views/parts/breakdown.tsx'
import type { Config } from '../config/schema.ts'
import { isClosedChoice } from '../flow/field-types.ts'
import { WEEKDAYS } from '../insight/drivers.ts'
import { type DayRange, hourEnds } from '../lib/days.ts'
import type { Json } from '../lib/json.ts'
import type { BY, VERSION } from '../query/parameters.ts'
import { linkOfFactor, type SessionLink } from '../query/session-parameters.ts'
import type { FunnelBy } from '../report/breakdown.ts'
import type { ReportOf } from '../report/reports.ts'
import { total } from '../stats/counts.ts'
import type { PageQuestion } from './page-question.ts'
import { type ScreenNames, stepNameOf } from './screen-names.ts'

/** What people choose first is what groups differ by, more often than not. */
export function defaultBy(config: Pick<Config, 'flows'>, flow: string): FunnelBy {
  const [field] = choiceFieldsOf(config, flow)
  return field === undefined ? 'version' : { choice: field }
}

const choiceFieldsOf = ({ flows }: Pick<Config, 'flows'>, flow: string): string[] =>
  Object.values(flows[flow]?.screens ?? {}).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { type }]) => (isClosedChoice(type) ? [name] : [])),
  )

export function breakdownOf(
  config: Pick<Config, 'flows'>,
  flow: string,
  question: PageQuestion<typeof BY & typeof VERSION>,
  names: ScreenNames,
  { n: all, funnel, breakdown = [] }: ReportOf<'funnel'>,
): BreakdownView {
  const by = question.query.by ?? defaultBy(config, flow)
  const current = typeof by === 'object' ? `choice:${by.choice}` : by
  const options = [
    ...choiceFieldsOf(config, flow).map((field) => ({ value: `choice:${field}`, label: field })),
    { value: 'version', label: 'version' },
    { value: 'weekday', label: 'weekday' },
    { value: 'hour', label: 'hour' },
  ]
  return {
    options: options.map((option) => ({ ...option, isCurrent: option.value === current })),
    hidden: question.hiddenBut('by'),
    steps: funnel.steps.map(({ screens }) => stepNameOf(names, screens)),
    groups: breakdown.map(({ value, isOther, isUnchosen, n, funnel: group }): BreakdownGroup => {
      const link = isOther || isUnchosen ? undefined : linkOfGroup(by, value)
      const href = (filter: SessionLink) => link && { href: question.sessionsHref({ flow, ...link, ...filter }) }
      return {
        name: isOther ? 'all others' : isUnchosen ? 'no choice' : groupName(by, value, question.period),
        ...(link &&
          (link.choice !== undefined || link.version !== undefined) && {
            href: question.href({
              by: undefined,
              choice: link.choice,
              version: link.version ?? question.query.version,
            }),
          }),
        sessions: { count: n, ...href({}) },
        completion: { ...group.completion, ...href({ reached: 1, ending: 'completed' }) },
        lost: group.steps.map((step, index) => ({
          ...step.dropOff,
          ...href({ furthest: index + 1, ending: 'lost' }),
        })),
      }
    }),
    isOverlapping: total(breakdown.map(({ n }) => n)) > all,
  }
}

function linkOfGroup(by: FunnelBy, value: Json): SessionLink {
  if (typeof by === 'object') return linkOfFactor({ kind: 'choice', field: by.choice, value })
  if (by === 'version') return { version: String(value) }
  return by === 'weekday' ? { weekday: Number(value) } : { hour: Number(value) }
}

function groupName(by: FunnelBy, value: Json, days: DayRange): string {
  if (by === 'weekday') return WEEKDAYS[Number(value) - 1] ?? ''
  if (by === 'hour') return hourEnds(Number(value), days).join(' to ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
