/** @jsxImportSource preact */

import { FlowPage, type FlowView } from '../../../views/pages/flow.tsx'
import type { BreakdownGroup, BreakdownView } from '../../../views/parts/breakdown.tsx'
import type { FunnelRow } from '../../../views/parts/funnel-rows.tsx'
import type { Config } from '../../config/schema.ts'
import { WEEKDAYS } from '../../insight/drivers.ts'
import { clockText } from '../../lib/days.ts'
import type { Json } from '../../lib/json.ts'
import { showDuration } from '../../lib/units.ts'
import { BY } from '../../query/parameters.ts'
import { linkOfFactor, type SessionLink } from '../../query/session-parameters.ts'
import type { FunnelBy } from '../../report/breakdown.ts'
import type { ReportOf } from '../../report/reports.ts'
import { fixFirstOf } from '../fix-first.ts'
import { flowPath, screenPath } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'
import { CHOSEN, COMPARE, hiddenOf, type PageQuestion } from '../page-question.ts'
import { changeView, linkedRate } from '../show-rate.ts'

const PARAMETERS = { ...CHOSEN, ...COMPARE, ...BY }

type Question = PageQuestion<typeof PARAMETERS>
type Step = ReportOf<'funnel'>['funnel']['steps'][number]

export const getFlowPage = flowPage({ tab: '', parameters: PARAMETERS }, async (request) => {
  const { deps, account, flow, question, frame, about, ask, sessions } = request
  const { config } = deps
  const { choice, by, compare } = question.query
  const isCompared = compare !== undefined
  const [report, friction, drivers] = await Promise.all([
    ask('funnel', { ...about, choice, isCompared, by: choice ? undefined : (by ?? firstBy(config, flow)) }),
    // Of one choice alone, neither is known.
    choice ? undefined : ask('friction', about),
    choice ? undefined : ask('drivers', about),
  ])
  const { n, funnel } = report
  const { started, completion, steps, previous } = funnel
  const screens = new Map((friction?.screens ?? []).map((screen) => [screen.screen, screen]))
  const worst = steps.map((step, index) => ({ step, index })).sort((a, b) => b.step.lost - a.step.lost)[0]
  const slowest = [...screens.values()]
    .filter(({ dwellMs }) => dwellMs.p50 !== undefined)
    .sort((a, b) => Number(b.dwellMs.p50) - Number(a.dwellMs.p50))[0]
  const open = steps.reduce((sum, step) => sum + step.open, 0)
  const view: FlowView = {
    frame,
    sessions: { count: n, href: sessions({}) },
    completion: linkedRate(completion, sessions({ reached: 1, ending: 'completed' })),
    ...(previous && { change: changeView(previous.completionChange, 'against the period before') }),
    open: { count: open, href: sessions({ reached: 1, ending: 'open' }) },
    ...(worst &&
      worst.step.lost > 0 && {
        worst: {
          name: nameOf(worst.step),
          href: screenPath(flow, worst.step.screens[0] ?? ''),
          lost: linkedRate(worst.step.dropOff, sessions({ furthest: worst.index + 1, ending: 'lost' })),
        },
      }),
    ...(slowest && {
      slowest: {
        screen: slowest.screen,
        href: question.hrefOf(screenPath(flow, slowest.screen)),
        time: showDuration(Number(slowest.dwellMs.p50)),
      },
    }),
    notStarted: n - started,
    lostAfter: showDuration(config.session.lost_after),
    funnel: {
      started,
      rows: steps.map((step, index): FunnelRow => {
        const number = index + 1
        const screen = step.screens[0] ?? ''
        const dwell = screens.get(screen)?.dwellMs.p50
        const change = step.previous?.conversionChange
        return {
          step: number,
          name: nameOf(step),
          href: question.hrefOf(screenPath(flow, screen)),
          reached: { count: step.reached, href: sessions({ reached: number }) },
          wentOn: linkedRate(
            step.conversion,
            sessions(number < steps.length ? { reached: number + 1 } : { furthest: number, ending: 'completed' }),
          ),
          ...(change?.by && change.p < 0.05 && { change: change.by * 100 }),
          lost: linkedRate(step.dropOff, sessions({ furthest: number, ending: 'lost' })),
          open: { count: step.open, href: sessions({ furthest: number, ending: 'open' }) },
          completed: { count: step.completed, href: sessions({ furthest: number, ending: 'completed' }) },
          ...(dwell !== undefined && { time: showDuration(dwell) }),
          links: [
            { label: 'The screen', href: question.hrefOf(screenPath(flow, screen)) },
            { label: 'Paths up to here', href: question.hrefOf(flowPath(flow, '/paths'), { before: screen }) },
            { label: 'Paths from here', href: question.hrefOf(flowPath(flow, '/paths'), { after: screen }) },
            { label: 'Who was lost here', href: sessions({ furthest: number, ending: 'lost' }) },
          ],
        }
      }),
    },
    ...(drivers && { fixFirst: fixFirstOf(drivers.drivers, flow, question) }),
    ...(report.breakdown && { breakdown: breakdownOf(config, flow, question, report) }),
    unfiltered: flowPath(flow),
  }
  return <FlowPage account={account} view={view} />
})

const nameOf = ({ screens }: Pick<Step, 'screens'>): string => screens.join(' or ')

/** What people choose first is what groups differ by, more often than not. */
function firstBy(config: Pick<Config, 'flows'>, flow: string): FunnelBy {
  const [field] = choiceFieldsOf(config, flow)
  return field === undefined ? 'version' : { choice: field }
}

const choiceFieldsOf = ({ flows }: Pick<Config, 'flows'>, flow: string): string[] =>
  Object.values(flows[flow]?.screens ?? {}).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { type }]) => (/^(choice|choices|boolean)$/.test(type) ? [name] : [])),
  )

function breakdownOf(
  config: Pick<Config, 'flows'>,
  flow: string,
  question: Question,
  { funnel, breakdown = [] }: ReportOf<'funnel'>,
): BreakdownView {
  const by = question.query.by ?? firstBy(config, flow)
  const current = typeof by === 'object' ? `choice:${by.choice}` : by
  const options = [
    ...choiceFieldsOf(config, flow).map((field) => ({ value: `choice:${field}`, label: field })),
    { value: 'version', label: 'version' },
    { value: 'weekday', label: 'weekday' },
    { value: 'hour', label: 'hour' },
  ]
  return {
    options: options.map((option) => ({ ...option, isCurrent: option.value === current })),
    hidden: hiddenOf(question.href({ by: undefined })),
    steps: funnel.steps.map(nameOf),
    groups: breakdown.map(({ value, isOther, n, funnel: group }): BreakdownGroup => {
      const link = isOther ? undefined : linkOfGroup(by, value)
      const href = (filter: SessionLink) => link && { href: question.sessionsHref({ flow, ...link, ...filter }) }
      return {
        name: isOther ? 'all others' : groupName(by, value),
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
  }
}

function linkOfGroup(by: FunnelBy, value: Json): SessionLink {
  if (typeof by === 'object') return linkOfFactor({ kind: 'choice', field: by.choice, value })
  if (by === 'version') return { version: String(value) }
  return by === 'weekday' ? { weekday: Number(value) } : { hour: Number(value) }
}

function groupName(by: FunnelBy, value: Json): string {
  if (by === 'weekday') return WEEKDAYS[Number(value) - 1] ?? ''
  if (by === 'hour') return `${clockText(Number(value))} to ${clockText(Number(value) + 1)}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
