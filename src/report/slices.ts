// Reads the sessions of a flow: added up, or one by one where a question needs the time of every visit.

import { sessionsIn } from '../insight/endings.ts'
import { type TimedPath, timedPathOf } from '../insight/funnel.ts'
import type { Json } from '../lib/json.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import { mergeStatistics } from '../rollup/merge-statistics.ts'
import type { ExitsQuery, LabelledExits, LabelledStatistics, StatisticsQuery } from '../rollup/rollups.ts'
import { ALL_SESSIONS, choiceOf, groupsOfChoice } from '../rollup/session-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import type { LabelledSpan } from '../rollup/storage.ts'
import { spanAt } from '../rollup/time.ts'
import { type Counts, getOrCreate, toCounts } from '../stats/counts.ts'
import { endingOf, type Session } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import { wholeOf } from './labelled-spans.ts'
import type { Period, ScanSample } from './shapes.ts'

export type SliceQuery = {
  readonly flow: string
  readonly version?: string | undefined
  readonly spans: readonly LabelledSpan[]
}

/** The paths of the sessions of one version that began in the spans of one label: all of them, and by the choice they made. */
export type PathSlice = Pick<LabelledStatistics, 'label' | 'version'> & {
  readonly paths: readonly TimedPath[]
  readonly groups: Counts<readonly TimedPath[]>
}

/** `value`: the text of the value, or its JSON. */
export type ChoiceFilter = { readonly field: string; readonly value: string }

export const readStatistics = (
  context: ReportContext,
  query: SliceQuery,
  detail: StatisticsQuery['detail'],
): Promise<readonly LabelledStatistics[]> =>
  context.rollups.sessionStatistics({ ...rollupQueryOf(context, query), detail })

export const readExits = (context: ReportContext, query: SliceQuery): Promise<readonly LabelledExits[]> =>
  context.rollups.screenExits(rollupQueryOf(context, query))

const rollupQueryOf = ({ now, lostAfterMs }: ReportContext, { flow, version, spans }: SliceQuery): ExitsQuery => ({
  flow,
  ...(version !== undefined && { version }),
  spans,
  now,
  lostAfterMs,
})

/** All sessions of a period as one. */
export async function readPeriod(
  context: ReportContext,
  { flow, version, period }: Omit<SliceQuery, 'spans'> & { readonly period: Period },
  detail: Exclude<StatisticsQuery['detail'], 'paths'>,
): Promise<SessionStatistics> {
  const found = await readStatistics(context, { flow, version, spans: wholeOf(period) }, detail)
  return mergeStatistics(found.map(({ statistics }) => statistics))
}

/** Without choices there is much less to read; `groups` is empty then. */
export async function readSlices(
  context: ReportContext,
  query: SliceQuery,
  withChoices: boolean,
): Promise<readonly PathSlice[]> {
  const found = await readStatistics(context, query, withChoices ? 'outcomes' : 'paths')
  return found.map(({ label, version, statistics: { paths, groups } }) => ({ label, version, paths, groups }))
}

/** The scan stops after this many sessions or visits. */
const MOST_SESSIONS = 50_000
const MOST_VISITS = 1_500_000

/** Slices with the time of every visit, from the newest `most` sessions; `sample`: the scan left some out. */
export async function scanSlices(
  context: ReportContext,
  query: SliceQuery,
  most = MOST_SESSIONS,
): Promise<{ readonly slices: readonly PathSlice[]; readonly sample?: ScanSample }> {
  const { store, now, lostAfterMs } = context
  const { flow, spans } = query
  const filters = { flow, from: spans[0]?.from ?? 0, until: spans.at(-1)?.until ?? 0, now, lostAfterMs }
  const gathered = new Map<string, GatheredSlice>()
  let sessions = 0
  let visits = 0
  let after: string | undefined
  do {
    const limit = Math.min(PAGE, most - sessions)
    const page = await store.sessions({ ...filters, limit, ...(after !== undefined && { after }) })
    for (const session of page.items) visits += addSession(gathered, session, query, context)
    sessions += page.items.length
    after = page.next
    // Other questions wait for this thread, and on SQLite reading a page blocks it.
    await yieldToEventLoop()
  } while (after !== undefined && sessions < most && visits < MOST_VISITS)
  const slices = [...gathered.values()].map(({ groups, ...slice }) => ({ ...slice, groups: toCounts(groups) }))
  if (after === undefined) return { slices }
  const all = await readStatistics(context, { flow, spans }, 'paths')
  return { slices, sample: { sessions, of: sessionsIn(all.flatMap(({ statistics }) => statistics.paths)) } }
}

/** The paths of the sessions with this choice; all paths without one. */
export const chosenPaths = ({ paths, groups }: PathSlice, choice?: ChoiceFilter): readonly TimedPath[] =>
  choice === undefined
    ? paths
    : choicesIn(groups, choice.field).flatMap((made) => (isChosen(made, choice) ? made.paths : []))

/** Paths by the value that people chose in a field; `value` is undefined for the rare values, which share one count. */
export const choicesIn = (
  groups: PathSlice['groups'],
  field: string,
): { value: Json | undefined; paths: readonly TimedPath[] }[] =>
  Object.entries(groups).flatMap(([name, paths]) => {
    if (name === ALL_SESSIONS) return []
    const choice = choiceOf(name)
    return choice.field === field && !choice.isOverlap ? [{ value: choice.value, paths }] : []
  })

export const isChosen = ({ value }: { readonly value: Json | undefined }, choice: ChoiceFilter): boolean =>
  value !== undefined && (value === choice.value || JSON.stringify(value) === choice.value)

const PAGE = 1_000

type GatheredSlice = { label: string; version: string; paths: TimedPath[]; groups: Map<string, TimedPath[]> }

/** Returns how many visits it added. */
function addSession(
  gathered: Map<string, GatheredSlice>,
  session: Session,
  query: SliceQuery,
  { now, lostAfterMs }: ReportContext,
): number {
  const span = spanAt(query.spans, session.startedAt)
  const { version } = session
  if (!span || (query.version !== undefined && query.version !== version)) return 0
  const { label } = span
  const slice = getOrCreate(gathered, JSON.stringify([label, version]), () => ({
    label,
    version,
    paths: [],
    groups: new Map(),
  }))
  const path = timedPathOf(session, endingOf(session, now, lostAfterMs))
  slice.paths.push(path)
  for (const [field, value] of Object.entries(session.choices))
    for (const group of groupsOfChoice(field, value)) getOrCreate(slice.groups, group, () => []).push(path)
  return path.screens.length
}
