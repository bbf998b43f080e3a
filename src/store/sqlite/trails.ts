import type { Database } from 'bun:sqlite'
import { hash } from 'node:crypto'
import { placedPageOf, readPlace } from '../cursor.ts'
import type { SegmentHead } from '../segment.ts'
import type { Page, TrailQuery } from '../store.ts'
import { isTrackedTrail, keyOf, type TrailKey } from '../trail-key.ts'
import type { StringDictionary } from './string-dictionary.ts'

/** One segment of one token in one flow, as a number. */
export type Trails = ReturnType<typeof createTrails>

export function createTrails(db: Database, words: StringDictionary) {
  const segments = db.prepare<SegmentHead & { id: number }, [number, string, number]>(
    `SELECT id, segment, recorded AS events, newest_at AS lastAt FROM trails WHERE ${IS_OF_TOKEN} AND flow = ?`,
  )
  const byKey = db.prepare<{ id: number }, [number, string, number, number]>(
    `SELECT id FROM trails WHERE ${IS_OF_TOKEN} AND flow = ? AND segment = ?`,
  )
  const add = db.prepare<{ id: number }, [number, number, string, number, number, number, number]>(
    `INSERT INTO trails (flow, token_hash, token, segment, tracked, recorded, newest_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     RETURNING id`,
  )
  const update = db.prepare<unknown, [number, number, number]>(
    'UPDATE trails SET recorded = ?, newest_at = ? WHERE id = ?',
  )
  const following = db.prepare<KeyRow, [number, number]>(
    `SELECT id, flow, token, segment FROM trails
     WHERE id > ? AND tracked AND EXISTS (SELECT 1 FROM events INDEXED BY events_of_trail WHERE trail = trails.id)
     ORDER BY id LIMIT ?`,
  )
  return {
    /** All segments of a token, the newest first. */
    segmentsOf({ flow, token }: Pick<TrailKey, 'flow' | 'token'>) {
      const word = words.find(flow)
      const rows = word === undefined ? [] : segments.all(...isOfToken(token), word)
      return rows
        .sort((a, b) => Math.abs(b.segment) - Math.abs(a.segment))
        .map(({ id, ...head }) => ({ id, key: keyOf({ flow, token, segment: head.segment }), head }))
    },

    find({ flow, token, segment = 0 }: TrailKey): number | undefined {
      const word = words.find(flow)
      return word === undefined ? undefined : byKey.get(...isOfToken(token), word, segment)?.id
    },

    add(key: TrailKey, { segment, events, lastAt }: SegmentHead): number {
      const tracked = Number(isTrackedTrail({ ...key, segment }))
      const row = add.get(words.idOf(key.flow), ...isOfToken(key.token), segment, tracked, events, lastAt)
      return (row as { id: number }).id
    },

    update: (id: number, { events, lastAt }: SegmentHead) => void update.run(events, lastAt, id),

    /** The tracked trails that have events, in the order of their numbers. */
    page({ limit, after }: TrailQuery): Page<TrailKey> {
      const { items, ...next } = placedPageOf(following.all(lastIn(after), limit + 1), limit, ({ id }) => [TRAIL, id])
      const keys = items.map(({ flow, token, segment }) => keyOf({ flow: words.wordOf(flow), token, segment }))
      return { items: keys, ...next }
    },
  }
}

/** The condition that a trail is of a token; its two parameters are `isOfToken`. */
export const IS_OF_TOKEN = 'token_hash = ? AND token = ?'

export const isOfToken = (token: string): [hash: number, token: string] => [hashOf(token), token]

/** 32 bits of it: they lead to a trail or two. An index by the tokens themselves would have them in the file a second time. */
const hashOf = (token: string): number => hash('sha256', token, 'buffer').readUInt32BE(0)

/** Before layout 5, two indexes were longer: one had the tokens themselves, and one 80 bits of the ids of events. */
export function hashOlderTokens(db: Database): void {
  db.run(`
    -- One segment (segment.ts) of one token in one flow. \`recorded\` counts the events that came into it, \`newest_at\` is when the
    -- latest of them was received.
    CREATE TABLE hashed_trails (
      id INTEGER PRIMARY KEY,
      flow INTEGER NOT NULL,
      token_hash INTEGER NOT NULL,
      token TEXT NOT NULL,
      segment INTEGER NOT NULL,
      tracked INTEGER NOT NULL,
      recorded INTEGER NOT NULL,
      newest_at INTEGER NOT NULL
    ) STRICT;`)
  const older = db.prepare<{ id: number; token: string }, [number]>(
    'SELECT id, token FROM trails WHERE id > ? ORDER BY id LIMIT 1000',
  )
  const copy = db.prepare<unknown, [number, number]>(
    `INSERT INTO hashed_trails (id, flow, token_hash, token, segment, tracked, recorded, newest_at)
     SELECT id, flow, ?, token, segment, tracked, recorded, newest_at FROM trails WHERE id = ?`,
  )
  for (let rows = older.all(0); rows.length > 0; rows = older.all(rows.at(-1)?.id ?? 0))
    for (const { id, token } of rows) copy.run(hashOf(token), id)
  // With it, the triggers go on to name the table that has the name.
  db.run('PRAGMA legacy_alter_table = ON')
  db.run(`
    DROP TABLE trails;
    ALTER TABLE hashed_trails RENAME TO trails;
    CREATE INDEX trails_of_token ON trails (token_hash);
    DROP INDEX events_of_trail;
    CREATE INDEX events_of_trail ON events (trail, substr(id, 1, 2));`)
  db.run('PRAGMA legacy_alter_table = OFF')
}

type KeyRow = { readonly id: number; readonly flow: number; readonly token: string; readonly segment: number }

/** Tells the place of a trail from that of anything else. */
const TRAIL = 'trail'

/** The number of the last trail before the page; 0 to begin with the first. */
function lastIn(cursor: TrailQuery['after']): number {
  const [kind, number] = readPlace(cursor)
  return kind === TRAIL && typeof number === 'number' && Number.isSafeInteger(number) ? number : 0
}
