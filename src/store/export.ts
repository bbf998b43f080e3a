// Rows for spreadsheets and scripts, read page by page, so that memory stays bounded.

import type { TrailEvent } from '../trail/event.ts'
import { EVENT_COLUMNS, eventRow, type Row, SESSION_COLUMNS, sessionRow } from '../trail/export-columns.ts'
import type { Session } from '../trail/session.ts'
import { csvHeader, csvRows, FOR_EXCEL, PLAIN } from './csv.ts'
import { pagesOf } from './cursor.ts'
import type { SessionQuery, Store } from './store.ts'
import { tokenKeyOf, trackedTrails } from './trail-key.ts'

export type ExportWhat = 'sessions' | 'events'

/** `excel` is a CSV, too. */
export const EXPORT_FORMATS = ['csv', 'excel', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Which rows. For events, `ending`, `exit`, `token` and `only` choose the sessions whose events are exported. */
export type ExportQuery = Pick<SessionQuery, 'flow' | 'ending' | 'exit' | 'token' | 'from' | 'until'> & {
  readonly only?: (session: Session) => boolean
}

/**
 * The file in chunks. CSV has a header, and an apostrophe before what a spreadsheet would run as a formula. NDJSON has every value
 * as it is.
 */
export async function* exportRows(
  store: Store,
  what: ExportWhat,
  format: ExportFormat,
  query: ExportQuery,
  now: number,
  lostAfterMs: number,
  onRows?: (rows: number) => void,
): AsyncGenerator<string> {
  const columns = what === 'sessions' ? SESSION_COLUMNS : EVENT_COLUMNS
  const style = format === 'excel' ? FOR_EXCEL : PLAIN
  if (format !== 'ndjson') yield csvHeader(columns, style)
  for await (const rows of exportPages(store, what, query, now, lostAfterMs, onRows))
    if (rows.length > 0) yield format === 'ndjson' ? ndjson(rows) : csvRows(rows, columns, style)
}

/** The rows themselves, page by page. `onRows`: hears how many come next. */
export async function* exportPages(
  store: Store,
  what: ExportWhat,
  { only, ...query }: ExportQuery,
  now: number,
  lostAfterMs: number,
  onRows: (rows: number) => void = () => {},
): AsyncGenerator<readonly Row[]> {
  const source: ExportSource = { store, only, query: { ...query, now, lostAfterMs, limit: PAGE } }
  for await (const rows of what === 'sessions' ? sessionRows(source) : eventRows(source)) {
    onRows(rows.length)
    yield rows
  }
}

const PAGE = 1_000

type ExportSource = { readonly store: Store; readonly query: SessionQuery; readonly only: ExportQuery['only'] }

async function* sessionRows(source: ExportSource): AsyncGenerator<Row[]> {
  const { now, lostAfterMs } = source.query
  for await (const sessions of sessionPages(source))
    yield sessions.map((session) => sessionRow(session, now, lostAfterMs))
}

async function* sessionPages({ store, query, only }: ExportSource): AsyncGenerator<readonly Session[]> {
  for await (const sessions of pagesOf((after) => store.sessions({ ...query, ...after })))
    yield only ? sessions.filter(only) : sessions
}

function eventRows(source: ExportSource): AsyncGenerator<Row[]> {
  const { ending, exit, token } = source.query
  return (ending ?? exit ?? token ?? source.only) ? eventRowsOfSessions(source) : allEventRows(source)
}

async function* allEventRows({ store, query }: ExportSource): AsyncGenerator<Row[]> {
  const { flow, from, until, limit } = query
  const wanted = {
    limit,
    ...(flow && { flow }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  }
  for await (const events of pagesOf((after) => store.events({ ...wanted, ...after }))) {
    const within = { from: events[0]?.at ?? 0, to: events.at(-1)?.at ?? 0 }
    const sessions = Map.groupBy(await store.sessionsOf(trackedTrails(events), within), tokenKeyOf)
    yield events.map((event) =>
      eventRow(event, sessions.get(tokenKeyOf(event))?.find((session) => holds(session, event))?.id),
    )
  }
}

async function* eventRowsOfSessions(source: ExportSource): AsyncGenerator<Row[]> {
  const { store, query } = source
  for await (const sessions of sessionPages(source)) {
    for (const { id } of sessions) {
      for await (const events of pagesOf((after) => store.events({ session: id, limit: query.limit, ...after })))
        yield events.map((event) => eventRow(event, id))
    }
  }
}

const holds = (session: Session, event: TrailEvent): boolean =>
  session.startedAt <= event.at && event.at <= session.lastAt

const ndjson = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
