import type { Database } from 'bun:sqlite'
import { placedPageOf, readPlace } from '../cursor.ts'
import type { SegmentHead } from '../segment.ts'
import type { Page, TrailQuery } from '../store.ts'
import { isTrackedTrail, keyOf, type TrailKey } from '../trail-key.ts'
import type { StringDictionary } from './string-dictionary.ts'

/** One segment of one token in one flow, as a number. */
export type Trails = ReturnType<typeof createTrails>

export function createTrails(db: Database, words: StringDictionary) {
  const segments = db.prepare<SegmentHead & { id: number }, [string, number]>(
    `SELECT id, segment, recorded AS events, newest_at AS lastAt FROM trails WHERE token = ? AND flow = ?
     ORDER BY abs(segment) DESC`,
  )
  const byKey = db.prepare<{ id: number }, [string, number, number]>(
    'SELECT id FROM trails WHERE token = ? AND flow = ? AND segment = ?',
  )
  const add = db.prepare<{ id: number }, [number, string, number, number, number, number]>(
    'INSERT INTO trails (flow, token, segment, tracked, recorded, newest_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
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
      const rows = word === undefined ? [] : segments.all(token, word)
      return rows.map(({ id, ...head }) => ({ id, key: keyOf({ flow, token, segment: head.segment }), head }))
    },

    find({ flow, token, segment = 0 }: TrailKey): number | undefined {
      const word = words.find(flow)
      return word === undefined ? undefined : byKey.get(token, word, segment)?.id
    },

    add(key: TrailKey, { segment, events, lastAt }: SegmentHead): number {
      const tracked = Number(isTrackedTrail({ ...key, segment }))
      return (add.get(words.idOf(key.flow), key.token, segment, tracked, events, lastAt) as { id: number }).id
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

type KeyRow = { readonly id: number; readonly flow: number; readonly token: string; readonly segment: number }

/** Tells the place of a trail from that of anything else. */
const TRAIL = 'trail'

/** The number of the last trail before the page; 0 to begin with the first. */
function lastIn(cursor: TrailQuery['after']): number {
  const [kind, number] = readPlace(cursor)
  return kind === TRAIL && typeof number === 'number' && Number.isSafeInteger(number) ? number : 0
}
