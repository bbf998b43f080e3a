import type { Database } from 'bun:sqlite'
import { isTracked } from '../../trail/event.ts'
import type { TrailKey } from '../trail-key.ts'
import type { Words } from './words.ts'

/** One token in one flow, as a number. */
export type Trails = {
  idOf(key: TrailKey): number
  find(key: TrailKey): number | undefined
}

export function createTrails(db: Database, words: Words): Trails {
  const byKey = db.prepare<{ id: number }, [string, number]>('SELECT id FROM trails WHERE token = ? AND flow = ?')
  const add = db.prepare<{ id: number }, [number, string, number]>(
    'INSERT INTO trails (flow, token, tracked) VALUES (?, ?, ?) RETURNING id',
  )
  const find = ({ flow, token }: TrailKey) => {
    const word = words.find(flow)
    return word === undefined ? undefined : byKey.get(token, word)?.id
  }

  return {
    find,
    idOf: (key) =>
      find(key) ?? (add.get(words.idOf(key.flow), key.token, Number(isTracked(key.token))) as { id: number }).id,
  }
}
