/** @jsxImportSource preact */
import type { BarRow } from '../../../views/charts/bar-row.tsx'
import { FlowPage, type FlowView } from '../../../views/pages/flow.tsx'
import type { FlowFrameView } from '../../../views/parts/flow-frame.tsx'
import { NumberOf, Points, RateText } from '../../../views/parts/rate.tsx'
import type { StepNameView } from '../../../views/parts/screen-name.tsx'
import { worstStepOf } from '../../insight/funnel.ts'
import { showDuration } from '../../lib/units.ts'
import { BY, CHOICE } from '../../query/parameters.ts'
import type { SessionLink } from '../../query/session-parameters.ts'
import type { ReportOf } from '../../report/reports.ts'
import type { Ending } from '../../trail/session.ts'
import { breakdownOf, defaultBy } from '../breakdown.ts'
import { fixFirstOf } from '../fix-first.ts'
import { funnelChart, mapOf, timeToConvertOf, trendOf } from '../flow-charts.ts'
import { screenPath } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'
import { nobodyOf } from '../nobody.ts'
import { COMPARE } from '../page-question.ts'
import { changeView, isReal, linkedRate } from '../show-rate.ts'

const PARAMETERS = { ...CHOICE, ...COMPARE, ...BY }

type Step = ReportOf<'funnel'>['funnel']['steps'][number]

export const getFlowPage = flowPage({ tab: '', parameters: PARAMETERS }, async (request) => {
  const { deps, account, flow, question, names, about, ask, sessions } = request
  const { config } = deps
  const { version, choice, by, compare } = question.query
  const screenHref = (screen: string) => question.hrefOf(screenPath(flow, screen))
  const stepOf = (screens: readonly string[]) =>
    screens.map((screen) => ({ screen: names(screen), href: screenHref(screen) }))
  const isCompared = compare !== undefined
  const isConfigured = Object.hasOwn(config.flows, flow)
  const [report, paths, trend, friction, drivers, convert] = await Promise.all([
    isConfigured
      ? ask('funnel', { ...about, choice, isCompared, by: choice ? undefined : (by ?? defaultBy(config, flow)) })
      : undefined,
    ask('paths', { ...about, choice }),
    ask('trend', { ...about, choice }),
    // Of one choice alone, these are not known.
    choice ? undefined : ask('friction', about),
    choice ? undefined : ask('drivers', about),
    choice ? undefined : ask('time-to-convert', about),
  ])
  const { sessions: n } = trend.total
  const { started = n, steps = [], completion, previous } = report?.funnel ?? {}
  const worst = worstStepOf(steps)
  const slowest = (friction?.screens ?? [])
    .filter(({ dwellMs }) => dwellMs.p50 !== undefined)
    .sort((a, b) => Number(b.dwellMs.p50) - Number(a.dwellMs.p50))[0]
  const frame = isConfigured ? request.frame : withoutComparison(request.frame)
  const view: FlowView = {
    frame,
    sessions: { count: n, href: sessions({}) },
    completion: linkedRate(trend.total.completion, sessions({ ending: 'completed' })),
    open: { count: trend.total.open, href: sessions({ ending: 'open' }) },
    ...(worst && {
      worst: {
        step: stepOf(worst.screens),
        lost: linkedRate(worst.dropOff, sessions({ furthest: worst.step, ending: 'lost' })),
      },
    }),
    ...(slowest && {
      slowest: {
        screen: names(slowest.screen),
        href: screenHref(slowest.screen),
        time: showDuration(Number(slowest.dwellMs.p50)),
      },
    }),
    notStarted: n - started,
    lostAfter: showDuration(config.session.lost_after),
    map: mapOf({ paths, names, funnel: steps.map((step) => step.screens), screenHref, sessions }),
    ...(completion && {
      funnel: {
        completion: linkedRate(completion, sessions({ reached: 1, ending: 'completed' })),
        ...(previous && { change: changeView(previous.completionChange, 'against the period before') }),
        chart: funnelChart(
          started,
          steps.map((step, index) =>
            rowOf(step, {
              step: index + 1,
              of: steps.length,
              sessions,
              name: stepOf(step.screens),
              time: friction && timeOf(friction.steps[index]?.dwellMs.p50),
              startedBefore: previous?.started,
            }),
          ),
          friction !== undefined,
        ),
      },
    }),
    trend: trendOf(trend, {
      versions: version === undefined ? trend.versions : [],
      dayHref: (day) => question.href({ period: undefined, from: day, until: day, compare: undefined }),
    }),
    ...(choice && { everybody: question.href({ choice: undefined }) }),
    ...(drivers && { fixFirst: fixFirstOf(drivers.drivers, { flow, names, question }) }),
    ...(convert && convert.ms.n > 0 && { timeToConvert: timeToConvertOf(convert) }),
    ...(report?.breakdown && { breakdown: breakdownOf(config, flow, question, names, report) }),
    ...(n === 0 && { nobody: await nobodyOf(deps, request, frame) }),
  }
  return <FlowPage account={account} view={view} />
})

/** Only a funnel is compared. */
const withoutComparison = ({ bar, ...frame }: FlowFrameView): FlowFrameView => {
  if (!bar) return frame
  const { compare: _, ...rest } = bar
  return { ...frame, bar: rest }
}

type RowContext = {
  /** From 1, of all steps. */
  readonly step: number
  readonly of: number
  readonly sessions: (filter: SessionLink) => string
  readonly name: StepNameView
  /** Half of the visits to its screens took longer; undefined where that is known of no step. */
  readonly time: string | undefined
  /** Sessions that reached the first step in the period before. */
  readonly startedBefore: number | undefined
}

function rowOf(step: Step, context: RowContext): BarRow {
  const { step: number, of, sessions, name, time, startedBefore } = context
  const { previous } = step
  const here = (ending: Ending) => sessions({ furthest: number, ending })
  const isLast = number === of
  const next = isLast ? here('completed') : sessions({ reached: number + 1 })
  return {
    label: name,
    wentOn: step.reached - step.completed - step.open - step.lost,
    ...{ completed: step.completed, open: step.open, lost: step.lost },
    hrefs: { wentOn: isLast ? undefined : next, completed: here('completed'), open: here('open'), lost: here('lost') },
    interval: { low: step.conversion.low, high: step.conversion.high },
    ...(previous && startedBefore && { previous: previous.reached / startedBefore }),
    cells: [
      <>
        <RateText rate={linkedRate(step.conversion, next)} />
        {previous && isReal(previous.conversionChange) && <Points by={100 * Number(previous.conversionChange.by)} />}
      </>,
      <RateText rate={linkedRate(step.dropOff, here('lost'))} isShort />,
      <NumberOf count={step.open} href={here('open')} />,
      ...(time === undefined ? [] : [time]),
    ],
  }
}

const timeOf = (ms: number | undefined): string => (ms === undefined ? '' : showDuration(ms))
