/** @jsxImportSource preact */
import { AnswersPage, type AnswersView, type ComparedView } from '../../../views/pages/answers.tsx'
import { learnedYaml } from '../../config/learned-yaml.ts'
import type { Compared } from '../../flow/comparison.ts'
import { attachment } from '../../http/html-response.ts'
import { plural } from '../../lib/plural.ts'
import type { ReportOf } from '../../report/reports.ts'
import { flowPath, frameOfNow, screenPath } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { serversOf } from '../servers.ts'
import { problemResponse } from './problem.ts'

/** Who answers for the flow: what was learned of it, and how the config compares. */
export const getAnswersPage = flowPage({ tab: '/answers', parameters: {} }, async (request) => {
  const { deps, account, flow, frame, names, question, ask } = request
  const { learned, comparison } = await ask('answers', { flow })
  const compared = (items: readonly Compared[]): ComparedView[] =>
    items.map(({ action, screen, name, found, count, at, session }) => ({
      ...(screen !== '' && { screen: names(screen), screenHref: question.hrefOf(screenPath(flow, screen)) }),
      ...((screen === '' || action !== 'submit') && { action: WHERE[action] ?? action }),
      name,
      ...(found !== undefined && { found }),
      count,
      newest: { time: deps.localTime.second(at), href: `/admin/sessions/${encodeURIComponent(session)}` },
    }))
  const view: AnswersView = {
    frame: frameOfNow(frame),
    servers: serversOf(deps, flow),
    ...(learned && { learned: learnedView(flow, learned) }),
    ...(comparison && {
      comparison: {
        since: deps.localTime.minute(comparison.since),
        compared: comparison.compared,
        same: comparison.same,
        differences: compared(comparison.differences),
        skipped: compared(comparison.skipped),
      },
    }),
  }
  return <AnswersPage account={account} view={view} />
})

const WHERE: { readonly [action: string]: string } = { init: 'on opening', back: 'on Back' }

function learnedView(flow: string, learned: NonNullable<ReportOf<'answers'>['learned']>) {
  const { screens } = learned
  const fields = screens.reduce((sum, screen) => sum + screen.fields.length, 0)
  return {
    found: `${plural(screens.length, 'screen')}, ${plural(fields, 'field')}`,
    isEmpty: screens.length === 0,
    yaml: learnedYaml(flow, learned),
    download: flowPath(flow, '/learned.yaml'),
    command: `screentrail learn ${flow}`,
  }
}

/** What was learned as config, to be saved. */
export async function getLearned(deps: PageDeps, { request, user }: AccountRequest, flow: string): Promise<Response> {
  const result = await deps.ask('answers', { flow }, deps.clock())
  if (!result.ok) return problemResponse(request, user, result, '/admin')
  const { learned } = result.report
  if (!learned) {
    const problem = { ok: false, code: 'not_found', message: 'Nothing is learned of this flow.' } as const
    return problemResponse(request, user, problem, flowPath(flow))
  }
  return attachment(learnedYaml(flow, learned), `${flow}.yaml`, 'application/yaml')
}
