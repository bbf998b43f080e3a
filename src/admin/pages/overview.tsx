/** @jsxImportSource preact */

import { FEW } from '../../../views/numbers.ts'
import { type FlowRow, OverviewPage, type OverviewView } from '../../../views/pages/overview.tsx'
import { showShare } from '../../../views/parts/rate.tsx'
import type { StatusView } from '../../../views/parts/status-line.tsx'
import { page } from '../../http/html-response.ts'
import { isBalanced } from '../../journal/ledger.ts'
import type { Parameters } from '../../query/read-query.ts'
import type { ReportOf } from '../../report/reports.ts'
import { fixOf } from '../fix-first.ts'
import { flowPath } from '../flow-frame.ts'
import { type PageQuestion, periodBarOf, readPageQuestion, shortDay } from '../page-question.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { type ScreenNames, screenNamesOf, stepNameOf } from '../screen-names.ts'
import { changeView, linkedRate } from '../show-rate.ts'
import { firstStepsOf } from './first-steps.tsx'
import { HOME } from './message.tsx'
import { problemResponse } from './problem.ts'

export async function getOverviewPage(deps: PageDeps, { request, url, user }: AccountRequest): Promise<Response> {
  const { config, ask, clock } = deps
  const now = clock()
  const time = { timezone: config.server.timezone, now }
  const read = readPageQuestion(url, {}, time)
  if (!read.ok) return problemResponse(request, user, read, HOME.href)
  const question = read.report
  const { from, until } = question.period
  const [overview, status] = await Promise.all([ask('overview', { from, until }, now), statusOf(deps, now)])
  if (!overview.ok) return problemResponse(request, user, overview, HOME.href)
  const { flows, removedBefore } = overview.report
  const headline = await headlineOf(deps, flows, question, now)
  const isEmpty = flows.every(({ sessions }) => sessions === 0) && (await deps.store.flows()).length === 0
  const view: OverviewView = {
    status,
    bar: periodBarOf(question, time),
    ...(headline && { headline }),
    flows: flows.map((line) => rowOf(line, question, screenNamesOf(deps.flowJsonOf(line.flow)))),
    ...(removedBefore !== undefined && { removedBefore: deps.localTime.minute(removedBefore) }),
    ...(isEmpty && { firstSteps: await firstStepsOf(deps) }),
  }
  return page(<OverviewPage account={pageAccount(user)} view={view} />)
}

/** Flows whose drivers are looked at: the largest. */
const MOST_FLOWS = 3

/** What costs the most completions in all flows. */
async function headlineOf(
  { ask, flowJsonOf }: PageDeps,
  flows: ReportOf<'overview'>['flows'],
  question: PageQuestion<Parameters>,
  now: number,
): Promise<OverviewView['headline']> {
  const { from, until } = question.period
  const largest = flows.filter(({ sessions }) => sessions >= FEW).toSorted((a, b) => b.sessions - a.sessions)
  const reports = await Promise.all(
    largest.slice(0, MOST_FLOWS).map(({ flow }) => ask('drivers', { flow, from, until }, now)),
  )
  const drivers = reports.flatMap((report) =>
    report.ok ? report.report.drivers.map((driver) => ({ flow: report.report.flow, driver })) : [],
  )
  const [first] = drivers.sort((a, b) => b.driver.gain.completions - a.driver.gain.completions)
  return (
    first && {
      flow: first.flow,
      fix: fixOf(first.driver, { flow: first.flow, names: screenNamesOf(flowJsonOf(first.flow)), question }),
      href: `${question.hrefOf(flowPath(first.flow))}#fix-first`,
    }
  )
}

function rowOf(
  line: ReportOf<'overview'>['flows'][number],
  question: PageQuestion<Parameters>,
  names: ScreenNames,
): FlowRow {
  const { flow, isConfigured, sessions, completion, change, open, worst, days, newVersions } = line
  const sessionsHref = (filter: object) => question.sessionsHref({ flow, ...filter })
  const newest = newVersions.at(-1)
  return {
    flow,
    isConfigured,
    href: question.hrefOf(flowPath(flow)),
    sessions: { count: sessions, href: sessionsHref({}) },
    completion: linkedRate(completion, sessionsHref({ ending: 'completed' })),
    change: changeView(change, 'the days that are decided, against as many before'),
    ...(newest && { since: `${newest.version} since ${shortDay(newest.day)}` }),
    ...(worst && {
      worst: {
        name: stepNameOf(names, worst.screens),
        count: worst.lost,
        of: worst.dropOff.of,
        href: sessionsHref({ furthest: worst.step, ending: 'lost' }),
      },
    }),
    open: { count: open, href: sessionsHref({ ending: 'open' }) },
    days: sparklineOf(days, completion.of),
  }
}

type Day = ReportOf<'overview'>['flows'][number]['days'][number]

const sparklineOf = (days: readonly Day[], decided: number): FlowRow['days'] => {
  const shares = days.map(({ completion }) => completion.share)
  const known = shares.filter((share) => share !== null)
  const [first, last] = [known[0], known.at(-1)]
  return {
    points: shares,
    text:
      first === undefined || last === undefined
        ? 'Nobody is decided yet'
        : `Completion by day: from ${showShare(first)} to ${showShare(last)}`,
    isLastPartial: true,
    isFew: decided < FEW,
  }
}

/** What an operator has to know. */
async function statusOf({ ledger: readLedger, ask, config }: PageDeps, now: number): Promise<StatusView> {
  const [ledger, ...healths] = await Promise.all([
    readLedger(),
    ...Object.keys(config.flows).map((flow) => ask('health', { flow, points: 1 }, now)),
  ])
  const href = '/admin/health'
  return [
    ...(ledger ? [] : ['The journal cannot be read: look into the log and at the free disk space.']),
    ...(ledger && !isBalanced(ledger) ? ['The ledger of events does not balance.'] : []),
    ...(ledger && ledger.dropped > 0 ? [`${ledger.dropped} events were lost.`] : []),
    ...(ledger && ledger.quarantined > 0 ? [`${ledger.quarantined} events are in quarantine.`] : []),
    ...(ledger && ledger.waiting > MANY_WAITING ? [`${ledger.waiting} events wait for the database.`] : []),
    ...healths.flatMap((health) => (health.ok ? alertsOf(health.report) : [`${health.message}.`])),
  ].map((text) => ({ text, href }))
}

/** More than some seconds of a busy endpoint. */
const MANY_WAITING = 10_000

function alertsOf({ flow, now: { latencyMs: latency, endpointErrors, clientErrors } }: ReportOf<'health'>): string[] {
  const isBad = (level: string | undefined) => level !== undefined && level !== 'ok' && level !== 'too_few_requests'
  return [
    ...(isBad(latency.level) ? [`${flow} answers slowly: Meta's level of ${latency.level} is reached.`] : []),
    ...(isBad(endpointErrors?.level)
      ? [`${flow} refuses requests: Meta's level of ${endpointErrors?.level} is reached.`]
      : []),
    ...(isBad(clientErrors.level)
      ? [`Phones cannot use the replies of ${flow}: Meta's level of ${clientErrors.level} is reached.`]
      : []),
  ]
}
