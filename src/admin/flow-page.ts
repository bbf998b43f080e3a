// What the pages about one flow have in common: they read the question, ask for reports, and show a problem instead of the page.

import type { VNode } from 'preact'
import type { PageAccount } from '../../views/layout.tsx'
import type { FlowFrameView } from '../../views/parts/flow-frame.tsx'
import { page } from '../http/html-response.ts'
import { VERSION } from '../query/parameters.ts'
import type { Parameters } from '../query/read-query.ts'
import type { SessionLink } from '../query/session-parameters.ts'
import { periodBefore } from '../report/period.ts'
import { removedBefore } from '../report/removed.ts'
import type { QuestionOf, ReportName, ReportOf } from '../report/reports.ts'
import type { ReportProblem } from '../report/result.ts'
import { type FlowTab, flowFrameOf, flowPath } from './flow-frame.ts'
import { type PageClock, type PageQuestion, readPageQuestion } from './page-question.ts'
import { HOME } from './pages/message.tsx'
import { problemResponse } from './pages/problem.ts'
import { pageAccount } from './preferences.ts'
import type { AccountRequest, PageDeps } from './request.ts'
import { type ScreenNames, screenNamesOf } from './screen-names.ts'
import { hasServers } from './servers.ts'

export type FlowPageRequest<P extends Parameters> = {
  readonly deps: PageDeps
  readonly account: PageAccount
  readonly flow: string
  readonly question: PageQuestion<P & typeof VERSION>
  readonly time: PageClock
  readonly frame: FlowFrameView
  readonly names: ScreenNames
  /** Flow, days and version, as reports take them. */
  readonly about: {
    readonly flow: string
    readonly from: string
    readonly until: string
    readonly version: string | undefined
  }
  /** Shows the problem instead of the page if there is no report. */
  ask<N extends ReportName>(name: N, question: QuestionOf<N>): Promise<ReportOf<N>>
  /** Shows this problem instead of the page. */
  refuse(problem: ReportProblem): never
  /** The sessions of this flow, period, version and choice that a number counts. */
  sessions(filter: SessionLink): string
}

/** `more`: the parameters of this page only. */
export const flowPage =
  <P extends Parameters>(
    { tab, parameters }: { readonly tab: FlowTab | undefined; readonly parameters: P },
    show: (request: FlowPageRequest<P>, rest: string) => Promise<VNode>,
  ) =>
  async (deps: PageDeps, { request, url, user }: AccountRequest, flow: string, rest = ''): Promise<Response> => {
    const time = { timezone: deps.config.server.timezone, now: deps.clock() }
    const read = readPageQuestion<P & typeof VERSION>(url, { ...VERSION, ...parameters }, time, ['choice'])
    if (!read.ok) return problemResponse(request, user, read, url.pathname)
    const question = read.report
    const { from, until } = question.period
    const { version, compare } = question.query as { readonly version?: string; readonly compare?: string }
    const shown = compare === undefined ? question.period : periodBefore(question.period)
    const { removedBefore: removed } = await removedBefore(deps, shown)
    try {
      return page(
        await show(
          {
            ...{ deps, flow, question, time },
            account: pageAccount(user),
            names: screenNamesOf(deps.flowJsonOf(flow)),
            frame: {
              ...flowFrameOf(flow, tab, question, time, hasServers(deps.config, flow)),
              ...(removed !== undefined && { removedBefore: deps.localTime.minute(removed) }),
            },
            about: { flow, from, until, version },
            async ask(name, asked) {
              const result = await deps.ask(name, asked, time.now)
              if (result.ok) return result.report
              throw new NoReport(result)
            },
            refuse(problem) {
              throw new NoReport(problem)
            },
            sessions: (filter) => question.sessionsHref({ flow, ...filter }),
          },
          rest,
        ),
      )
    } catch (error) {
      if (!(error instanceof NoReport)) throw error
      const back = error.problem.code === 'not_found' ? HOME.href : flowPath(flow)
      return problemResponse(request, user, error.problem, back)
    }
  }

/** Thrown, so that a page that asks six questions at once is written for their reports alone. `flowPage` catches it. */
class NoReport extends Error {
  readonly problem: ReportProblem
  constructor(problem: ReportProblem) {
    super(problem.message)
    this.problem = problem
  }
}
