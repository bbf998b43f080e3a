// The frame of the pages about one flow.

import type { FlowFrameView } from '../../views/parts/flow-frame.tsx'
import type { Parameters } from '../query/read-query.ts'
import { type PageClock, type PageQuestion, periodBarOf } from './page-question.ts'

const TABS = {
  '': 'Funnel',
  '/paths': 'Paths',
  '/errors': 'Errors',
  '/health': 'Health',
  '/quality': 'Quality',
  '/answers': 'Answers',
} as const

export type FlowTab = keyof typeof TABS

/** Where the config answers, there is nothing to say of who does. */
const tabsOf = (isAnsweredElsewhere: boolean): FlowTab[] =>
  (Object.keys(TABS) as FlowTab[]).filter((tab) => tab !== '/answers' || isAnsweredElsewhere)

export const flowPath = (flow: string, rest = ''): string => `/admin/flows/${encodeURIComponent(flow)}${rest}`

export const screenPath = (flow: string, screen: string): string =>
  flowPath(flow, `/screens/${encodeURIComponent(screen)}`)

export function flowFrameOf(
  flow: string,
  current: FlowTab | undefined,
  question: PageQuestion<Parameters>,
  time: PageClock,
  isAnsweredElsewhere: boolean,
): FlowFrameView {
  const { query, href, hrefOf } = question
  const { version, choice } = query as { version?: string; choice?: { field: string; value: string } }
  return {
    flow,
    tabs: tabsOf(isAnsweredElsewhere).map((tab) => ({
      label: TABS[tab],
      href: hrefOf(flowPath(flow, tab)),
      isCurrent: tab === current,
    })),
    bar: periodBarOf(question, time),
    chips: [
      ...(version === undefined ? [] : [{ label: `version ${version}`, without: href({ version: undefined }) }]),
      ...(choice ? [{ label: `${choice.field} = ${choice.value}`, without: href({ choice: undefined }) }] : []),
    ],
  }
}

/** Of a page about the flow as it is now: it has no period, version or choice, and the links to the others keep theirs. */
export const frameOfNow = ({ flow, tabs }: FlowFrameView): FlowFrameView => ({ flow, tabs, chips: [] })
