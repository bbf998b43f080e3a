import type { Database } from 'bun:sqlite'
import { isTracked } from '../../trail/event.ts'
import { placedPageOf, readPlace } from '../cursor.ts'
import type { Page, TrailQuery } from '../store.ts'
import type { TrailKey } from '../trail-key.ts'
import type { Words } from './words.ts'

/** One token in one flow, as a number. */
export type Trails = {
  idOf(key: TrailKey): number
  find(key: TrailKey): number | undefined
  /** Those that have events, and are tracked; by number, which is the order in which they came. */
  page(query: TrailQuery): Page<TrailKey>
}

export function createTrails(db: Database, words: Words): Trails {
  const byKey = db.prepare<{ id: number }, [string, number]>('SELECT id FROM trails WHERE token = ? AND flow = ?')
  const add = db.prepare<{ id: number }, [number, string, number]>(
    'INSERT INTO trails (flow, token, tracked) VALUES (?, ?, ?) RETURNING id',
  )
  const following = db.prepare<{ id: number; flow: number; token: string }, [number, number]>(
    `SELECT id, flow, token FROM trails
     WHERE id > ? AND tracked AND EXISTS (SELECT 1 FROM events INDEXED BY events_of_trail WHERE trail = trails.id)
     ORDER BY id LIMIT ?`,
  )
  const find = ({ flow, token }: TrailKey) => {
    const word = words.find(flow)
    return word === undefined ? undefined : byKey.get(token, word)?.id
  }

  return {
    find,

    idOf: (key) =>
      find(key) ?? (add.get(words.idOf(key.flow), key.token, Number(isTracked(key.token))) as { id: number }).id,

    page({ limit, after }) {
      const { items, ...next } = placedPageOf(following.all(lastIn(after), limit + 1), limit, ({ id }) => [TRAIL, id])
      return { items: items.map(({ flow, token }) => ({ flow: words.wordOf(flow), token })), ...next }
    },
  }
}

/** Tells the place of a trail from that of anything else. */
const TRAIL = 'trail'

/** The number of the last trail before the page; 0 to begin with the first. */
function lastIn(cursor: TrailQuery['after']): number {
  const [kind, number] = readPlace(cursor)
  return kind === TRAIL && typeof number === 'number' && Number.isSafeInteger(number) ? number : 0
}
