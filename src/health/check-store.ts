import { SQLiteError } from 'bun:sqlite'
import { placeOf } from '../lib/mongo-uri.ts'
import { plural } from '../lib/plural.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { showSize } from '../lib/units.ts'
import { explainError, layoutToOpen } from '../store/sqlite/database.ts'
import { SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { createTotals } from '../store/sqlite/totals.ts'
import { type Check, NO_START, ok, problem, warning } from './check.ts'
import { readDatabase } from './read-database.ts'

/** Checks the store directly: the server notices that it is away only when it writes. */
export async function checkStore(uri: string, now: number, lostAfterMs: number): Promise<Check> {
  const file = sqliteFileOf(uri)
  try {
    return await (file === undefined ? checkMongo(uri) : checkFile(file, now, lostAfterMs))
  } catch (error) {
    // As the start would say it.
    const found = (error as Error).message.replace(/^store: /, '')
    return problem('store', found, file === undefined ? MEANWHILE : NO_START)
  }
}

async function checkMongo(uri: string): Promise<Check> {
  // Loads the driver only if needed.
  const { countEvents } = await import('../store/mongo/probe.ts')
  return ok('store', `MongoDB at ${placeOf(uri)} answers: ${plural(await countEvents(uri), 'event')}`)
}

async function checkFile(file: string, now: number, lostAfterMs: number): Promise<Check> {
  const reading = await readStore(file, now, lostAfterMs)
  if (reading.kind === 'missing') return ok('store', `${file} is not there yet; the first start makes it`)
  if (reading.kind === 'unreadable') {
    const { error, reason } = reading
    throw new Error(error instanceof SQLiteError ? explainError(error, file) : `${file} cannot be read: ${reason}`)
  }

  const { layout, totals } = reading.value
  if (layout === 0) return ok('store', `${file} is empty; the first start makes its tables`)
  if (totals === undefined) {
    const fix = 'the next start keeps a copy of it and brings it up to date'
    return warning('store', `${file} has an older layout (${layout})`, fix)
  }
  const { completed, open, lost } = totals.endings
  const sessions = plural(completed + open + lost, 'session')
  return ok('store', `${file} opens: ${plural(totals.events, 'event')} in ${sessions}, ${showSize(totals.bytes)}`)
}

/** Without totals if the layout is not the present one. Rejects if the start would not open it. */
const readStore = (file: string, now: number, lostAfterMs: number) =>
  readDatabase(file, (db) => {
    const layout = layoutToOpen(db, file)
    const isPresent = layout === SQLITE_LAYOUT
    return { layout, totals: isPresent ? createTotals(db)(now, lostAfterMs) : undefined }
  })

const MEANWHILE = 'until then people are answered, and events wait in the journal'
