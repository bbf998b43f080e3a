/** @jsxImportSource preact */

import type { StackedBarView } from '../../../views/charts/stacked-bar.tsx'
import { type ScreenNumbers, ScreenPage, type ScreenView } from '../../../views/pages/screen.tsx'
import type { Config } from '../../config/schema.ts'
import type { Spread } from '../../insight/shapes.ts'
import { dayOf, dayPlus } from '../../lib/days.ts'
import { showDuration } from '../../lib/units.ts'
import type { SessionLink } from '../../query/session-parameters.ts'
import { LONGEST_DAYS } from '../../report/period.ts'
import type { ReportOf } from '../../report/reports.ts'
import { notFound } from '../../report/result.ts'
import { OTHER } from '../../rollup/limits.ts'
import { fixFirstOf } from '../fix-first.ts'
import { screenPath } from '../flow-frame.ts'
import { type FlowPageRequest, flowPage } from '../flow-page.ts'
import { nobodyOf } from '../nobody.ts'
import { phoneScreenOf } from '../phone-screen.ts'
import { linkedRate } from '../show-rate.ts'

const MOST_NEIGHBOURS = 5

export const getScreenPage = flowPage({ tab: undefined, parameters: {} }, async (request, screen) => {
  const { deps, account, flow, question, frame, names, about, ask, sessions } = request
  const [friction, latency, paths, { drivers }] = await Promise.all([
    ask('friction', about),
    ask('latency', about),
    ask('paths', about),
    ask('drivers', about),
  ])
  const found = friction.screens.find((each) => each.screen === screen)
  const here = (filter: Parameters<typeof sessions>[0]) => sessions({ screen, ...filter })
  const refusals = refusalsOf(found, here, (field, rule) => messageOf(deps.config, flow, screen, field, rule))
  const phone = phoneScreenOf(
    deps.flowJsonOf(flow),
    screen,
    Map.groupBy(refusals, ({ field }) => field),
  )
  const hrefOf = (other: string) => (other === OTHER ? undefined : question.hrefOf(screenPath(flow, other)))
  const neighbours = (end: 'from' | 'to') =>
    paths.links
      .filter((link) => link[end === 'from' ? 'to' : 'from'] === screen)
      .slice(0, MOST_NEIGHBOURS)
      .map(({ count, ...link }) => ({
        screen: names(link[end]),
        screenHref: hrefOf(link[end]),
        count,
        href: sessions({ path: `${link.from},${link.to}` }),
      }))
  const numbersOf = (found: Friction): ScreenNumbers => ({
    sessions: { count: found.sessions, href: here({}) },
    lost: linkedRate(found.lostShare, sessions({ exit: screen, ending: 'lost' })),
    open: { count: found.open, href: sessions({ exit: screen, ending: 'open' }) },
    completed: { count: found.completed, href: sessions({ exit: screen, ending: 'completed' }) },
    visits: visitsOf(found, here),
    refusals,
    corrected: linkedRate(found.corrected, here({ visit: 'corrected' })),
    errors: Object.entries(found.errorsBy).map(([code, count]) => ({ code, count, href: here({ error: code }) })),
    durations: [
      durationRow('People have the screen', found.dwellMs),
      durationRow('We load it', found.loadMs),
      durationRow('We answer what is sent from it', found.answerMs),
      durationRow('of that, outside APIs', found.upstreamMs),
    ],
    byLoad: (latency.screens.find((each) => each.screen === screen)?.dropOffByLoad ?? []).map(
      ({ bucket, sessions: loaded, dropOff }) => ({
        bucket,
        sessions: { count: loaded, href: here({ load: bucket }) },
        lost: linkedRate(dropOff, sessions({ exit: screen, ending: 'lost', load: bucket })),
      }),
    ),
    fixFirst: fixFirstOf(
      drivers.filter((driver) => driver.screen === screen),
      { flow, names, question },
    ),
    before: neighbours('from'),
    after: neighbours('to'),
  })
  if (!found && !(await isScreen(request, screen)))
    request.refuse(
      notFound(`Flow ${flow} has no screen ${screen}, and nobody has seen one in the last ${LONGEST_DAYS} days`),
    )
  const view: ScreenView = {
    frame,
    screen: names(screen),
    ...(phone && { phone }),
    numbers: found && found.sessions > 0 ? numbersOf(found) : await nobodyOf(deps, request, frame),
  }
  return <ScreenPage account={account} view={view} />
})

/** One of the config or of the Flow JSON, or one that people have seen at some time. */
async function isScreen(
  { deps, flow, time, ask }: FlowPageRequest<Record<never, never>>,
  screen: string,
): Promise<boolean> {
  if (deps.config.flows[flow]?.screens[screen] || phoneScreenOf(deps.flowJsonOf(flow), screen, new Map())) return true
  const until = dayOf(time.now, time.timezone)
  const { screens } = await ask('friction', { flow, from: dayPlus(until, 1 - LONGEST_DAYS), until, version: undefined })
  return screens.some((each) => each.screen === screen)
}

type Friction = ReportOf<'friction'>['screens'][number]

function refusalsOf(
  found: Friction | undefined,
  here: (filter: SessionLink) => string,
  told: (field: string, rule: string) => string | undefined,
): ScreenNumbers['refusals'] {
  return Object.entries(found?.refusedFieldsBy ?? {})
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => {
      const slash = name.lastIndexOf('/')
      const [field, rule] = [name.slice(0, slash), name.slice(slash + 1)]
      const message = told(field, rule)
      return { field, rule, count, href: here({ rule: name }), ...(message !== undefined && { message }) }
    })
}

/** People who did nothing more are counted as sessions, for they did it once. */
function visitsOf(found: Friction, here: (filter: SessionLink) => string): StackedBarView {
  const { shown, submitted, backs, reopens, lost, open } = found
  const kept = submitted + backs + reopens + lost + open
  return {
    id: 'visits-chart',
    title: 'What became of each visit',
    description: 'Visits to the screen, by how they ended.',
    isTitleHidden: true,
    unit: 'visits',
    parts: [
      { label: 'submitted', count: submitted, tone: 'went-on', href: here({ visit: 'submitted' }) },
      { label: 'went back', count: backs, tone: 'returned', href: here({ visit: 'back' }) },
      { label: 'opened again', count: reopens, tone: 'other', href: here({ visit: 'reopened' }) },
      { label: 'moved on by the phone', count: shown - kept, tone: 'elsewhere', href: here({ visit: 'moved' }) },
      { label: 'still there', count: open, tone: 'open', href: here({ exit: found.screen, ending: 'open' }) },
      { label: 'nothing more', count: lost, tone: 'lost', href: here({ exit: found.screen, ending: 'lost' }) },
    ],
  }
}

const durationRow = (what: string, { n, p50, p90, p99 }: Spread): ScreenNumbers['durations'][number] => {
  const show = (ms: number | undefined) => (ms === undefined ? '' : showDuration(ms))
  return { what, n, p50: show(p50), p90: show(p90), p99: show(p99) }
}

/** What the config answers to a refusal; undefined where it says nothing of its own. */
function messageOf(
  { flows }: Pick<Config, 'flows'>,
  flow: string,
  screen: string,
  field: string,
  rule: string,
): string | undefined {
  const message = flows[flow]?.screens[screen]?.fields[field]?.message
  return typeof message === 'object' ? message[rule] : message
}
