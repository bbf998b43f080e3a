import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Incident, IncidentCategory } from '../../trail/incident.ts'
import { pageOf, readCursor } from '../cursor.ts'
import type { StoreCalls } from '../store.ts'
import { given, whereAll } from './conditions.ts'

export function createIncidents(db: Database): StoreCalls<'addIncidents' | 'incidents' | 'incidentCounts'> {
  // An incident not newer than the newest trimmed one was trimmed and counted, too. To count a repeated batch again would be worse
  // than to miss one that comes very late.
  const add = db.prepare<unknown, Incident>(`
    INSERT INTO incidents (id, at, category, flow, detail, count)
    SELECT $id, $at, $category, $flow, $detail, $count
    WHERE NOT EXISTS (SELECT 1 FROM incidents_trimmed AS trimmed WHERE ($at, $id) <= (trimmed.at, trimmed.id))
    ON CONFLICT (id) DO NOTHING`)
  const count = db.prepare<unknown, [string, number]>(`
    INSERT INTO incident_counts (category, count) VALUES (?, ?)
    ON CONFLICT (category) DO UPDATE SET count = count + excluded.count`)
  const newestTooMany = db.prepare<{ at: number; id: string }, [number]>(
    'SELECT at, id FROM incidents ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?',
  )
  const remember = db.prepare<unknown, [number, string]>(`
    INSERT INTO incidents_trimmed (only, at, id) VALUES (1, ?, ?)
    ON CONFLICT (only) DO UPDATE SET at = excluded.at, id = excluded.id`)
  const counts = db.prepare<{ category: IncidentCategory; count: number }, []>(
    'SELECT category, count FROM incident_counts ORDER BY category',
  )
  const trim = db.prepare<unknown, [number, string]>('DELETE FROM incidents WHERE (at, id) <= (?, ?)')

  return {
    addIncidents: db.transaction((incidents, keep) => {
      for (const { id, at, category, flow, detail, count: requests } of incidents)
        if (add.run({ id, at, category, flow, detail, count: requests }).changes > 0) count.run(category, requests)
      const last = newestTooMany.get(keep)
      if (!last) return
      trim.run(last.at, last.id)
      remember.run(last.at, last.id)
    }).immediate,

    incidentCounts: () => Object.fromEntries(counts.all().map(({ category, count }) => [category, count])),

    incidents({ category, limit, after }) {
      const { where, values } = whereAll([
        ...given(category, (category) => ['category = ?', category]),
        ...given(readCursor(after), ({ at, id }) => ['(at, id) < (?, ?)', at, id]),
      ])
      const rows = db
        .query<Incident, SQLQueryBindings[]>(
          `SELECT id, at, category, flow, detail, count FROM incidents ${where} ORDER BY at DESC, id DESC LIMIT ?`,
        )
        .all(...values, limit + 1)
      return pageOf(rows, limit, (incident) => incident)
    },
  }
}
