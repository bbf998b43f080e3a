import type { Database } from 'bun:sqlite'
import { statSync } from 'node:fs'
import type { StoreCalls } from '../store.ts'

/** Reads only counters and the edges of indexes: the cost does not grow with the store. */
export function createTotals(db: Database): StoreCalls<'totals'>['totals'] {
  const counters = db.prepare<{ name: string; value: number }, []>('SELECT name, value FROM counters')
  const open = db.prepare<{ open: number }, [number]>(
    `SELECT count(*) AS open FROM sessions INDEXED BY sessions_uncompleted
     WHERE completed_at IS NULL AND last_at > ?`,
  )
  const pages = db.prepare<{ bytes: number }, []>(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  )

  return (now, lostAfterMs) => {
    const count = Object.fromEntries(counters.all().map(({ name, value }) => [name, value]))
    const { tracked = 0, untracked = 0, completed = 0, uncompleted = 0 } = count
    const stillOpen = open.get(now - lostAfterMs)?.open ?? 0
    return {
      events: tracked + untracked,
      untracked,
      endings: { completed, open: stillOpen, lost: uncompleted - stillOpen },
      bytes: (pages.get()?.bytes ?? 0) + sizeOf(`${db.filename}-wal`),
    }
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
