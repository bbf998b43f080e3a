import type { Database } from 'bun:sqlite'
import { statSync } from 'node:fs'
import type { IncidentCategory } from '../../trail/incident.ts'
import type { Totals } from '../store.ts'
import type { Words } from './words.ts'

/** Reads counters and the edges of indexes only, so it costs the same at any size. */
export function createTotals(db: Database, words: Words): (now: number, lostAfterMs: number) => Totals {
  const counters = db.prepare<{ name: string; value: number }, []>('SELECT name, value FROM counters')
  const incidents = db.prepare<{ category: IncidentCategory; count: number }, []>(
    'SELECT category, count FROM incident_counts ORDER BY category',
  )
  const open = db.prepare<{ open: number }, [number]>(
    `SELECT count(*) AS open FROM sessions INDEXED BY sessions_uncompleted
     WHERE completed_at IS NULL AND last_at > ?`,
  )
  const pages = db.prepare<{ bytes: number }, []>(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  )
  const flows = db.prepare<{ word: number }, []>(distinct('flow'))
  const exits = db.prepare<{ word: number }, []>(distinct('exit'))
  const namesOf = (rows: readonly { word: number }[]) => rows.map(({ word }) => words.wordOf(word)).sort()

  return (now, lostAfterMs) => {
    const count = Object.fromEntries(counters.all().map(({ name, value }) => [name, value]))
    const { tracked = 0, untracked = 0, completed = 0, uncompleted = 0 } = count
    const stillOpen = open.get(now - lostAfterMs)?.open ?? 0
    return {
      events: tracked + untracked,
      untracked,
      endings: { completed, open: stillOpen, lost: uncompleted - stillOpen },
      incidents: Object.fromEntries(incidents.all().map(({ category, count }) => [category, count])),
      bytes: (pages.get()?.bytes ?? 0) + sizeOf(`${db.filename}-wal`),
      flows: namesOf(flows.all()),
      exits: namesOf(exits.all()).filter((screen) => screen !== ''),
    }
  }
}

/** Each value of the column once, leaping from one to the next along the index that it leads. */
const distinct = (column: 'flow' | 'exit'): string => `
  WITH RECURSIVE found (word) AS (
    SELECT min(${column}) FROM sessions
    UNION ALL
    SELECT (SELECT min(${column}) FROM sessions WHERE ${column} > found.word) FROM found WHERE found.word IS NOT NULL
  )
  SELECT word FROM found WHERE word IS NOT NULL`

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
