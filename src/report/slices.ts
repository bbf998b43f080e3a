// What is read to answer a question about a flow: one reading of tallies, or, where times are needed, of the sessions.

import { type Counts, settled, total, under } from '../insight/counts.ts'
import { type Walk, walkOf } from '../insight/funnel.ts'
import { spanAt } from '../insight/rollup.ts'
import { ALL, choiceOf, groupOf } from '../insight/tally.ts'
import { breathe } from '../lib/breathe.ts'
import type { Json } from '../lib/json.ts'
import type { LabelledTally, TallyQuery } from '../store/store.ts'
import { endingOf, type Session } from '../trail/session.ts'
import type { Reader } from './reader.ts'
import type { Span } from './spans.ts'

export type SliceQuery = {
  readonly flow: string
  readonly version?: string | undefined
  readonly spans: readonly Span[]
}

/** The ways of the sessions of one version that began in the spans of one label: all, and by their choices. */
export type Slice = Pick<LabelledTally, 'label' | 'version'> & {
  readonly ways: readonly Walk[]
  readonly groups: Counts<readonly Walk[]>
}

/** A choice as it is written in an address; the value is the text of it. */
export type ChoiceFilter = { readonly field: string; readonly value: string }

/** How many sessions were gone through of how many there are. */
export type Sample = { readonly sessions: number; readonly of: number }

export const readTallies = (
  { store, now, lostAfterMs }: Reader,
  { flow, version, spans }: SliceQuery,
  detail: TallyQuery['detail'],
): Promise<readonly LabelledTally[]> =>
  store.tallies({ flow, ...(version !== undefined && { version }), spans, now, lostAfterMs, detail })

/** `ways`: without the choices, which is much less to read. */
export const readSlices = async (
  reader: Reader,
  query: SliceQuery,
  detail: TallyQuery['detail'],
): Promise<readonly Slice[]> =>
  (await readTallies(reader, query, detail)).map(({ label, version, asked: { ways, groups } }) => ({
    label,
    version,
    ways,
    groups,
  }))

/** The most sessions that are gone through one by one for one answer, and the most visits that are kept of them. */
export const MOST_SESSIONS = 50_000
const MOST_VISITS = 1_500_000

/** The same with the times of every visit, of the newest `most` sessions; `sample` is there when these are not all. */
export async function scanSlices(
  reader: Reader,
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
    await breathe()
  } while (after !== undefined && found < most && visits < MOST_VISITS)
  const all = [...slices.values()].map(({ groups, ...slice }) => ({ ...slice, groups: settled(groups) }))
  if (after === undefined) return { slices: all }
  const tallies = await readTallies(reader, { flow: query.flow, spans: query.spans }, 'ways')
  const of = total(tallies.flatMap(({ asked }) => asked.ways.map((way) => way.completed + way.open + way.lost)))
  return { slices: all, sample: { sessions: found, of } }
}

/** The ways of the sessions with this choice, or without one of all. */
export const waysOf = ({ ways, groups }: Slice, choice?: ChoiceFilter): readonly Walk[] =>
  choice === undefined
    ? ways
    : choicesIn(groups, choice.field).flatMap((made) => (isChosen(made, choice) ? made.ways : []))

/** The ways by the value of a choice; `value` is undefined of those that are not told apart. */
export const choicesIn = (
  groups: Slice['groups'],
  field: string,
): { value: Json | undefined; ways: readonly Walk[] }[] =>
  Object.entries(groups).flatMap(([name, ways]) => {
    if (name === ALL) return []
    const choice = choiceOf(name)
    return choice.field === field ? [{ value: choice.value, ways }] : []
  })

/** Whether this value is what the text says: itself, or as JSON. */
export const isChosen = ({ value }: { readonly value: Json | undefined }, choice: ChoiceFilter): boolean =>
  value !== undefined && (value === choice.value || JSON.stringify(value) === choice.value)

const PAGE = 1_000

type OpenSlice = { label: string; version: string; ways: Walk[]; groups: Map<string, Walk[]> }

const readPage = ({ store, now, lostAfterMs }: Reader, { flow, spans }: SliceQuery, limit: number, after?: string) =>
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
function add(slices: Map<string, OpenSlice>, session: Session, query: SliceQuery, reader: Reader): number {
  const span = spanAt(query.spans, session.startedAt)
  const { version } = session
  if (!span || (query.version !== undefined && query.version !== version)) return 0
  const { label } = span
  const slice = under(slices, JSON.stringify([label, version]), () => ({ label, version, ways: [], groups: new Map() }))
  const walk = walkOf(session, endingOf(session, reader.now, reader.lostAfterMs))
  slice.ways.push(walk)
  for (const [field, value] of Object.entries(session.choices))
    under(slice.groups, groupOf(field, value), () => []).push(walk)
  return walk.screens.length
}
