// What is read to answer a question about a flow: one reading of tallies, or, where times are needed, of the sessions.

import { type TimedPath, timedPathOf } from '../insight/funnel.ts'
import type { Json } from '../lib/json.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import type { LabelledStatistics, StatisticsQuery } from '../rollup/rollups.ts'
import { ALL_SESSIONS, choiceOf, groupOf } from '../rollup/session-aggregate.ts'
import { spanAt } from '../rollup/time.ts'
import { type Counts, getOrCreate, toCounts, total } from '../stats/counts.ts'
import { endingOf, type Session } from '../trail/session.ts'
import type { ReportContext } from './context.ts'
import type { LabelledSpan } from './labelled-spans.ts'

export type SliceQuery = {
  readonly flow: string
  readonly version?: string | undefined
  readonly spans: readonly LabelledSpan[]
}

/** The paths of the sessions of one version that began in the spans of one label: all, and by their choices. */
export type Slice = Pick<LabelledStatistics, 'label' | 'version'> & {
  readonly paths: readonly TimedPath[]
  readonly groups: Counts<readonly TimedPath[]>
}

/** A choice as it is written in an address; the value is the text of it. */
export type ChoiceFilter = { readonly field: string; readonly value: string }

/** How many sessions were gone through of how many there are. */
export type Sample = { readonly sessions: number; readonly of: number }

export const readStatistics = (
  { rollups, now, lostAfterMs }: ReportContext,
  { flow, version, spans }: SliceQuery,
  detail: StatisticsQuery['detail'],
): Promise<readonly LabelledStatistics[]> =>
  rollups.sessionStatistics({ flow, ...(version !== undefined && { version }), spans, now, lostAfterMs, detail })

/** `paths`: without the choices, which is much less to read. */
export const readSlices = async (
  reader: ReportContext,
  query: SliceQuery,
  detail: StatisticsQuery['detail'],
): Promise<readonly Slice[]> =>
  (await readStatistics(reader, query, detail)).map(({ label, version, statistics: { paths, groups } }) => ({
    label,
    version,
    paths,
    groups,
  }))

/** The most sessions that are gone through one by one for one answer, and the most visits that are kept of them. */
export const MOST_SESSIONS = 50_000
const MOST_VISITS = 1_500_000

/** The same with the times of every visit, of the newest `most` sessions; `sample` is there when these are not all. */
export async function scanSlices(
  reader: ReportContext,
  query: SliceQuery,
  most = MOST_SESSIONS,
): Promise<{ readonly slices: readonly Slice[]; readonly sample?: Sample }> {
  const slices = new Map<string, OpenSlice>()
  let found = 0
  let visits = 0
  let after: string | undefined
  do {
    const page = await readPage(reader, query, Math.min(PAGE, most - found), after)
    for (const session of page.items) visits += add(slices, session, query, reader)
    found += page.items.length
    after = page.next
    // Others ask, too, and on SQLite a page keeps this thread busy until it is there.
    await yieldToEventLoop()
  } while (after !== undefined && found < most && visits < MOST_VISITS)
  const all = [...slices.values()].map(({ groups, ...slice }) => ({ ...slice, groups: toCounts(groups) }))
  if (after === undefined) return { slices: all }
  const statistics = await readStatistics(reader, { flow: query.flow, spans: query.spans }, 'paths')
  const of = total(
    statistics.flatMap(({ statistics }) => statistics.paths.map((path) => path.completed + path.open + path.lost)),
  )
  return { slices: all, sample: { sessions: found, of } }
}

/** The paths of the sessions with this choice, or without one of all. */
export const chosenPaths = ({ paths, groups }: Slice, choice?: ChoiceFilter): readonly TimedPath[] =>
  choice === undefined
    ? paths
    : choicesIn(groups, choice.field).flatMap((made) => (isChosen(made, choice) ? made.paths : []))

/** The paths by the value of a choice; `value` is undefined of those that are not told apart. */
export const choicesIn = (
  groups: Slice['groups'],
  field: string,
): { value: Json | undefined; paths: readonly TimedPath[] }[] =>
  Object.entries(groups).flatMap(([name, paths]) => {
    if (name === ALL_SESSIONS) return []
    const choice = choiceOf(name)
    return choice.field === field ? [{ value: choice.value, paths }] : []
  })

/** Whether this value is what the text says: itself, or as JSON. */
export const isChosen = ({ value }: { readonly value: Json | undefined }, choice: ChoiceFilter): boolean =>
  value !== undefined && (value === choice.value || JSON.stringify(value) === choice.value)

const PAGE = 1_000

type OpenSlice = { label: string; version: string; paths: TimedPath[]; groups: Map<string, TimedPath[]> }

const readPage = (
  { store, now, lostAfterMs }: ReportContext,
  { flow, spans }: SliceQuery,
  limit: number,
  after?: string,
) =>
  store.sessions({
    flow,
    from: spans[0]?.from ?? 0,
    until: spans.at(-1)?.until ?? 0,
    now,
    lostAfterMs,
    limit,
    ...(after !== undefined && { after }),
  })

/** How many visits it has added. */
function add(slices: Map<string, OpenSlice>, session: Session, query: SliceQuery, reader: ReportContext): number {
  const span = spanAt(query.spans, session.startedAt)
  const { version } = session
  if (!span || (query.version !== undefined && query.version !== version)) return 0
  const { label } = span
  const slice = getOrCreate(slices, JSON.stringify([label, version]), () => ({
    label,
    version,
    paths: [],
    groups: new Map(),
  }))
  const walk = timedPathOf(session, endingOf(session, reader.now, reader.lostAfterMs))
  slice.paths.push(walk)
  for (const [field, value] of Object.entries(session.choices))
    getOrCreate(slice.groups, groupOf(field, value), () => []).push(walk)
  return walk.screens.length
}
