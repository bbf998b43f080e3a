/** @jsxImportSource preact */
import { PathsPage, type PathsView } from '../../../views/pages/paths.tsx'
import { CHOICE, name, parameter } from '../../query/parameters.ts'
import { mapOf } from '../flow-charts.ts'
import { screenPath } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'
import { funnelOf } from '../funnel.ts'
import { nobodyOf } from '../nobody.ts'

const screenParameter = (about: string) => parameter(name().optional(), about, 'a screen')

const PARAMETERS = {
  ...CHOICE,
  after: screenParameter('Only what comes from the first visit of this screen on.'),
  before: screenParameter('Only what comes up to the first visit of this screen.'),
}

export const getPathsPage = flowPage({ tab: '/paths', parameters: PARAMETERS }, async (request) => {
  const { deps, account, flow, question, frame, names, about, ask, sessions } = request
  const { choice, after, before } = question.query
  const report = await ask('paths', { ...about, choice, after, before })
  const isWhole = after === undefined && before === undefined
  // A part of the paths counts other sessions than the lists, which know the whole.
  const linked = (count: number, filter: Parameters<typeof sessions>[0]) =>
    isWhole ? { count, href: sessions(filter) } : { count }
  const chosen = {
    ...frame,
    chips: [
      ...frame.chips,
      ...(after === undefined
        ? []
        : [{ label: `from ${names(after).name} on`, without: question.href({ after: undefined }) }]),
      ...(before === undefined
        ? []
        : [{ label: `up to ${names(before).name}`, without: question.href({ before: undefined }) }]),
    ],
  }
  const view: PathsView = {
    frame: chosen,
    sessions: report.sessions,
    map: mapOf({
      paths: report,
      names,
      funnel: funnelOf(deps.config, flow),
      screenHref: (screen) => question.hrefOf(screenPath(flow, screen)),
      ...(isWhole && { sessions }),
      focus: after ?? before,
    }),
    screens: report.places.map(({ screen, exits, loops, sessions, ...place }) => ({
      ...place,
      screen: names(screen),
      href: question.hrefOf(screenPath(flow, screen)),
      after: question.href({ after: screen, before: undefined }),
      before: question.href({ before: screen, after: undefined }),
      sessions: linked(sessions, { screen }),
      loops: linked(loops, { path: `${screen},${screen}` }),
      wentOn: exits.wentOn,
      completed: linked(exits.completed, { exit: screen, ending: 'completed' }),
      open: linked(exits.open, { exit: screen, ending: 'open' }),
      lost: linked(exits.lost, { exit: screen, ending: 'lost' }),
    })),
    links: report.links.map(({ from, to, count }) => ({
      ...linked(count, { path: `${from},${to}` }),
      from: names(from),
      to: names(to),
    })),
    ...(report.sessions === 0 && { nobody: await nobodyOf(deps, request, chosen) }),
  }
  return <PathsPage account={account} view={view} />
})
