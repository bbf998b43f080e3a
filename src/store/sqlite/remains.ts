import type { Database } from 'bun:sqlite'

/** What is left of a trail when events of it are removed. */
export function createRemains(db: Database) {
  const eventsLeft = db.prepare<{ count: number }, [number]>(
    'SELECT count(*) AS count FROM events INDEXED BY events_of_trail WHERE trail = ?',
  )
  const lowerCounts = db.prepare<unknown, [number, number, number]>(
    'UPDATE sessions SET source_event_count = min(source_event_count, ?) WHERE trail = ? AND last_at >= ?',
  )
  const removeTrail = db.prepare<unknown, [number]>(
    `DELETE FROM trails WHERE id = ?
       AND NOT EXISTS (SELECT 1 FROM events INDEXED BY events_of_trail WHERE trail = trails.id)
       AND NOT EXISTS (SELECT 1 FROM sessions INDEXED BY sessions_of_trail WHERE trail = trails.id)`,
  )
  return {
    /** Sessions that can still change are compared with what is derived from the events that are left. */
    lowerCounts: (trail: number, eventsBefore: number) =>
      void lowerCounts.run(eventsLeft.get(trail)?.count ?? 0, trail, eventsBefore),

    removeIfEmpty: (trail: number) => void removeTrail.run(trail),
  }
}
