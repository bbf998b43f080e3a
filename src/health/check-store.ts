import { showSize } from '../lib/units.ts'
import { MIGRATIONS } from '../store/sqlite/schema.ts'
import { createTotals } from '../store/sqlite/totals.ts'
import type { Totals } from '../store/store.ts'
import { type Check, ok, plural, problem, warning } from './check.ts'
import { type Reading, readDatabase } from './read-only.ts'

/** What the store holds. Only a SQLite file can be looked into from outside the server. */
export function checkStore(uri: string, now: number, lostAfterMs: number): Check {
  const [, file] = /^sqlite:(.+)$/.exec(uri) ?? []
  if (file === undefined) return ok('store', 'is no file; whether the server reaches it, `server` below tells')

  const reading = readStore(file, now, lostAfterMs)
  if (reading.kind === 'missing') return ok('store', `${file} is not there yet; the first start makes it`)
  if (reading.kind === 'unreadable') return problem('store', `${file} cannot be read: ${reading.reason}`, RESTORE)

  const { layout, totals } = reading.value
  if (layout > MIGRATIONS.length)
    return problem('store', `${file} was written by a newer Screentrail (layout ${layout})`, 'update Screentrail')
  if (totals === undefined)
    return warning(
      'store',
      `${file} has an older layout (${layout})`,
      'the next start brings it up to date; back it up',
    )
  const { completed, open, lost } = totals.endings
  const sessions = plural(completed + open + lost, 'session')
  return ok('store', `${file} opens: ${plural(totals.events, 'event')} in ${sessions}, ${showSize(totals.bytes)}`)
}

type Stored = {
  readonly layout: number
  /** Undefined when the layout is not the present one. */
  readonly totals: Totals | undefined
}

const readStore = (file: string, now: number, lostAfterMs: number): Reading<Stored> =>
  readDatabase(file, (db) => {
    const layout = db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version ?? 0
    const isPresent = layout === MIGRATIONS.length
    return { layout, totals: isPresent ? createTotals(db)(now, lostAfterMs) : undefined }
  })

const RESTORE = 'check that it is the store of Screentrail and may be read; if it is damaged, restore a backup'
