import { placeOf } from '../lib/mongo-uri.ts'
import { plural } from '../lib/plural.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { showSize } from '../lib/units.ts'
import { layoutOf, SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { createTotals } from '../store/sqlite/totals.ts'
import { type Check, ok, problem, warning } from './check.ts'
import { readDatabase } from './read-database.ts'

/** Checks the store directly: the server notices that it is away only when it writes. */
export async function checkStore(uri: string, now: number, lostAfterMs: number): Promise<Check> {
  const file = sqliteFileOf(uri)
  return file === undefined ? checkMongo(uri) : checkFile(file, now, lostAfterMs)
}

async function checkMongo(uri: string): Promise<Check> {
  // Loads the driver only if needed.
  const { countEvents } = await import('../store/mongo/probe.ts')
  try {
    return ok('store', `MongoDB at ${placeOf(uri)} answers: ${plural(await countEvents(uri), 'event')}`)
  } catch (error) {
    return problem('store', (error as Error).message.replace(/^store: /, ''), MEANWHILE)
  }
}

async function checkFile(file: string, now: number, lostAfterMs: number): Promise<Check> {
  const reading = await readStore(file, now, lostAfterMs)
  if (reading.kind === 'missing') return ok('store', `${file} is not there yet; the first start makes it`)
  if (reading.kind === 'unreadable') return problem('store', `${file} cannot be read: ${reading.reason}`, RESTORE)

  const { layout, totals } = reading.value
  if (layout > SQLITE_LAYOUT)
    return problem('store', `${file} was written by a newer Screentrail (layout ${layout})`, 'update Screentrail')
  if (totals === undefined) {
    const fix = 'the next start keeps a copy of it and brings it up to date'
    return warning('store', `${file} has an older layout (${layout})`, fix)
  }
  const { completed, open, lost } = totals.endings
  const sessions = plural(completed + open + lost, 'session')
  return ok('store', `${file} opens: ${plural(totals.events, 'event')} in ${sessions}, ${showSize(totals.bytes)}`)
}

/** Without totals if the layout is not the present one. */
const readStore = (file: string, now: number, lostAfterMs: number) =>
  readDatabase(file, (db) => {
    const layout = layoutOf(db)
    const isPresent = layout === SQLITE_LAYOUT
    return { layout, totals: isPresent ? createTotals(db)(now, lostAfterMs) : undefined }
  })

const MEANWHILE = 'until then people are answered, and events wait in the journal'
const RESTORE = 'check that it is the store of Screentrail and may be read; if it is damaged, restore a backup'
