// Everything that there is of a person, as one JSON for people: by token, then what is under tokens that many share, then the archive.

import type { Json } from '../lib/json.ts'
import { pagesOf } from '../store/cursor.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import { eventRow, sessionRow } from '../trail/export-columns.ts'
import { type Found, isTheirs } from './find.ts'
import type { Person } from './person.ts'
import { archivedOf, type PreviewDeps } from './preview.ts'

export type ExportDeps = PreviewDeps & {
  readonly store: PreviewDeps['store'] & Pick<Store, 'session'>
  /** What waits in the journal of this process. */
  readonly waitingOf?: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  /** `session.lost_after`, milliseconds. */
  readonly lostAfterMs: number
}

/** The JSON in pieces. Memory holds what one token has, or one file of the archive. */
export async function* exportPerson(
  person: Person,
  found: Found,
  at: number,
  deps: ExportDeps,
): AsyncGenerator<string> {
  const wanted = { ...person, at }
  yield `{\n  "person": ${text(person.id)},\n  "made_at": ${text(new Date(at).toISOString())},\n  "tokens": [`
  yield* list(tokenParts(found, at, deps), '\n    ')
  yield `],\n  "shared": ${'['}`
  yield* list(sharedParts(found, wanted, person, deps), '\n    ')
  yield `],\n  "archive": [`
  yield* list(archiveParts(found, wanted, deps), '\n    ')
  yield ']\n}\n'
}

async function* list(parts: AsyncIterable<string>, before: string): AsyncGenerator<string> {
  let isFirst = true
  for await (const part of parts) {
    yield `${isFirst ? '' : ','}${before}${part}`
    isFirst = false
  }
  if (!isFirst) yield '\n  '
}

async function* tokenParts(found: Found, at: number, deps: ExportDeps): AsyncGenerator<string> {
  const { store, waitingOf = async () => [], lostAfterMs } = deps
  for (const { flow, token } of found.tokens) {
    const events = await store.eventsOf(flow, token)
    const sessions = await store.sessionsOf([{ flow, token }])
    const stored = new Set(events.map(({ id }) => id))
    const waiting = (await waitingOf(flow, token)).filter(({ id }) => !stored.has(id))
    if (events.length + sessions.length + waiting.length === 0) continue
    const sessionOf = ({ at }: TrailEvent) => sessions.find((each) => each.startedAt <= at && at <= each.lastAt)?.id
    yield [
      `{ "flow": ${text(flow)}, "flow_token": ${text(token)},`,
      `      "sessions": ${rows(sessions.map((session) => sessionRow(session, at, lostAfterMs)))},`,
      `      "events": ${rows(events.map((event) => eventRow(event, sessionOf(event))))},`,
      `      "waiting_events": ${rows(waiting.map((event) => eventRow(event, undefined)))} }`,
    ].join('\n')
  }
}

/** Found once more, as only their ids were kept. */
async function* sharedParts(
  { items }: Found,
  wanted: Parameters<typeof isTheirs>[1],
  { flow }: Person,
  { store, hashes }: ExportDeps,
): AsyncGenerator<string> {
  if (items.events.length === 0) return
  const ids = new Set(items.events.map(({ id }) => id))
  const isOfPerson = isTheirs({ tokens: [] }, wanted, hashes)
  const of = { until: wanted.at + 1, limit: 500, ...(flow !== undefined && { flow }) }
  for await (const events of pagesOf((after) => store.events({ ...of, ...after })))
    for (const event of events) if (ids.has(event.id) && isOfPerson(event)) yield text(eventRow(event, undefined))
}

async function* archiveParts(
  found: Found,
  wanted: Parameters<typeof archivedOf>[1],
  deps: ExportDeps,
): AsyncGenerator<string> {
  const unread: string[] = []
  for await (const [file, events] of archivedOf(found, wanted, deps, (sentence) => unread.push(sentence)))
    yield `{ "file": ${text(file)}, "events": ${rows(events.map((event) => eventRow(event, undefined)))} }`
  for (const sentence of unread) yield `{ "unread": ${text(sentence)} }`
}

const text = (value: Json): string => JSON.stringify(value)

const rows = (values: readonly Json[]): string =>
  values.length === 0 ? '[]' : `[\n${values.map((value) => `        ${text(value)}`).join(',\n')}\n      ]`
