import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { HOUR_MS } from '../../lib/units.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { gatherPage, pageOf, readCursor } from '../cursor.ts'
import type { EventQuery, InputChange, Page } from '../store.ts'
import type { TrailKey } from '../trail-key.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import { hasId, packId } from './event-id.ts'
import {
  type EventRow,
  fromEventRow,
  fromReceivedRow,
  inputText,
  RECEIVED_COLUMNS,
  type ReceivedRow,
  toEventRow,
} from './event-row.ts'
import { createItemSource } from './item-source.ts'
import type { StringDictionary } from './string-dictionary.ts'

export type Events = ReturnType<typeof createEvents>

type StoredEvent = EventRow & { readonly flow: number; readonly token: string }

export function createEvents(db: Database, words: StringDictionary) {
  const add = db.prepare<unknown, EventRow>(
    `INSERT INTO events (trail, id, at, version, action, screen, next, outcome, trigger_word, sequence, input, fingerprint,
       errors, processing, upstream, request_bytes, reply_bytes)
     VALUES ($trail, $id, $at, $version, $action, $screen, $next, $outcome, $trigger_word, $sequence, $input, $fingerprint,
       $errors, $processing, $upstream, $request_bytes, $reply_bytes)`,
  )
  const ofTrail = db.prepare<EventRow, [number]>('SELECT * FROM events INDEXED BY events_of_trail WHERE trail = ?')
  const newestOfTrail = db.prepare<EventRow, [number, number]>(
    'SELECT * FROM events INDEXED BY events_of_trail WHERE trail = ? ORDER BY at DESC, id DESC LIMIT ?',
  )
  const known = db.prepare<unknown, [number, Uint8Array]>(
    `SELECT 1 FROM events INDEXED BY events_of_trail WHERE trail = ?1 AND ${hasId('?2')}`,
  )
  const replaceInput = db.prepare<unknown, [string | null, number, Uint8Array, string | null]>(
    `UPDATE events INDEXED BY events_of_trail SET input = ?1
     WHERE trail = ?2 AND ${hasId('?3')} AND (input IS ?4 OR input IS ?1)`,
  )
  return {
    /** False when the event was there already. */
    add(event: TrailEvent, trail: number): boolean {
      const row = toEventRow(event, trail, words)
      if (known.get(trail, row.id) !== null) return false
      add.run(row)
      return true
    },

    /** Whether this trail has the event. */
    isKnown: (id: string, trail: number) => known.get(trail, packId(id)) !== null,

    /** Whether the trail has the event, and it has `to` now. */
    replaceInput: (trail: number, { id, from, to }: Pick<InputChange, 'id' | 'from' | 'to'>) =>
      replaceInput.run(inputText(to), trail, packId(id), inputText(from)).changes > 0,

    /** In no particular order: to sort thousands of short lists would take half of the time that SQLite spends. */
    ofTrail: (trail: number, key: TrailKey) => ofTrail.all(trail).map((row) => fromEventRow(row, key, words)),

    /** The newest `limit`, in order. */
    newestOfTrail: (trail: number, key: TrailKey, limit: number) =>
      newestOfTrail
        .all(trail, limit)
        .map((row) => fromEventRow(row, key, words))
        .reverse(),

    /** `trail`: only those of it. */
    page({ flow, from, until, limit, after }: EventQuery, trail?: number): Page<TrailEvent> {
      const word = flow === undefined ? undefined : words.find(flow)
      if (flow !== undefined && word === undefined) return { items: [] }

      const { where, values } = whereAll([
        ...given(word, (word) => ['trails.flow = ?', word]),
        ...given(trail, (trail): Condition => ['trail = ?', trail]),
        ...given(from, (from) => ['at >= ?', from]),
        ...given(until, (until) => ['at < ?', until]),
        ...given(readCursor(after), ({ at, id }) => ['(at, events.id) > (?, ?)', at, packId(id)]),
      ])
      const select = 'SELECT events.*, trails.flow, trails.token'
      const ordered = (index: string) =>
        `FROM events INDEXED BY ${index} CROSS JOIN trails ON trails.id = events.trail
         ${where} ORDER BY at, events.id LIMIT ?`
      // A trail can have many, in no order of time: this sorts only their numbers, and reads the rows of the page.
      const found = db.query<StoredEvent, SQLQueryBindings[]>(
        trail === undefined
          ? `${select} ${ordered('events_in_time')}`
          : `${select} FROM (SELECT events.number ${ordered('events_of_trail')}) AS wanted
             CROSS JOIN events ON events.number = wanted.number CROSS JOIN trails ON trails.id = events.trail`,
      )
      const page = gatherPage<StoredEvent>(limit, ({ input, errors }) => (input?.length ?? 0) + (errors?.length ?? 0))
      for (const row of found.iterate(...values, limit + 1)) if (!page.add(row)) break
      const { rows, limit: most } = page.end()
      const events = rows.map((row) => fromEventRow(row, { flow: words.wordOf(row.flow), token: row.token }, words))
      return pageOf(events, most, ({ at, id }) => ({ at, id }))
    },

    /** By when they were received. */
    source: createItemSource(db, {
      select: `SELECT ${RECEIVED_COLUMNS}
               FROM events INDEXED BY events_in_time CROSS JOIN trails ON trails.id = events.trail`,
      columns: { flow: 'trails.flow', at: 'at' },
      fromRow: (row: ReceivedRow) => fromReceivedRow(row, words),
      hours: `SELECT DISTINCT trails.flow, version, CAST(floor(at / ${HOUR_MS}.0) AS INTEGER) AS hour
              FROM events CROSS JOIN trails ON trails.id = events.trail`,
    }),
  }
}
