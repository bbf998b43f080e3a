/** @jsxImportSource preact */
import { LivePage, LiveParts, type LiveView } from '../../../views/pages/live.tsx'
import { fragment, page, wantsFragment } from '../../http/html-response.ts'
import { showDuration } from '../../lib/units.ts'
import { flowPath, screenPath } from '../flow-frame.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { screenNamesOf } from '../screen-names.ts'

export function getLivePage(deps: PageDeps, { request, user }: AccountRequest): Response {
  const view = viewOf(deps)
  return wantsFragment(request)
    ? fragment(<LiveParts view={view} />)
    : page(<LivePage account={pageAccount(user)} view={view} />)
}

function viewOf({ activity, config, flowJsonOf, localTime }: PageDeps): LiveView {
  const { since, newest, present } = activity()
  const nameOf = (flow: string, screen: string) => screenNamesOf(flowJsonOf(flow))(screen)
  return {
    since: localTime.second(since),
    flows: Object.keys(config.flows).map((flow) => {
      const screens = Object.entries(present[flow] ?? {})
        .map(([screen, people]) => ({ screen: nameOf(flow, screen), people, href: screenPath(flow, screen) }))
        .sort((a, b) => b.people - a.people || (a.screen.id < b.screen.id ? -1 : 1))
      return { flow, href: flowPath(flow), people: screens.reduce((sum, { people }) => sum + people, 0), screens }
    }),
    newest: newest.map(({ at, processingMs, ...event }) => ({
      ...event,
      screen: nameOf(event.flow, event.screen),
      next: nameOf(event.flow, event.next),
      time: localTime.second(at),
      took: showDuration(processingMs),
    })),
  }
}
