import type { Ledger } from '../journal/ledger.ts'
import { placeOf } from '../lib/mongo-uri.ts'
import { plural } from '../lib/plural.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { showSize } from '../lib/units.ts'
import { explainError, layoutToOpen } from '../store/sqlite/database.ts'
import { createHadEvents } from '../store/sqlite/had-events.ts'
import { SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { createTotals } from '../store/sqlite/totals.ts'
import { type Check, NO_START, ok, problem, warning } from './check.ts'
import { lostEvents, NEVER_HAD_EVENTS } from './lost-events.ts'
import { readDatabase } from './read-database.ts'

/** The rest of `checkStore`. */
type Expected = {
  readonly now: number
  readonly lostAfterMs: number
  /** Undefined where the journal cannot be read, or is not there. */
  readonly ledger: Ledger | undefined
}

/** Checks the store directly: the server notices that it is away only when it writes. */
export async function checkStore(uri: string, expected: Expected): Promise<Check> {
  const file = sqliteFileOf(uri)
  try {
    return await (file === undefined ? checkMongo(uri, expected) : checkFile(uri, file, expected))
  } catch (error) {
    // As the start would say it.
    const found = (error as Error).message.replace(/^store: /, '')
    return problem('store', found, file === undefined ? MEANWHILE : NO_START)
  }
}

async function checkMongo(uri: string, { ledger }: Expected): Promise<Check> {
  // Loads the driver only if needed.
  const { lookForEvents } = await import('../store/mongo/probe.ts')
  const { count, had } = await lookForEvents(uri)
  const found = `MongoDB at ${placeOf(uri)} answers: ${plural(count, 'event')}`
  return (had ? undefined : checkLost(uri, NEVER_HAD_EVENTS, ledger)) ?? ok('store', found)
}

async function checkFile(uri: string, file: string, { now, lostAfterMs, ledger }: Expected): Promise<Check> {
  const reading = await readStore(file, now, lostAfterMs)
  if (reading.kind === 'missing') {
    const found = `${file} is not there yet; the first start makes it`
    return checkLost(uri, 'is not there', ledger) ?? ok('store', found)
  }
  if (reading.kind === 'unreadable') {
    const { refusal, reason } = reading
    throw new Error(refusal ? explainError(refusal, file) : `${file} cannot be read: ${reason}`)
  }

  const { layout, present } = reading.value
  if (layout === 0)
    return checkLost(uri, 'is empty', ledger) ?? ok('store', `${file} is empty; the first start makes its tables`)
  if (present === undefined) {
    const fix = 'the next start keeps a copy of it and brings it up to date'
    return warning('store', `${file} has an older layout (${layout})`, fix)
  }
  const { had, totals } = present
  const { completed, open, lost } = totals.endings
  const sessions = plural(completed + open + lost, 'session')
  const found = `${file} opens: ${plural(totals.events, 'event')} in ${sessions}, ${showSize(totals.bytes)}`
  return (had ? undefined : checkLost(uri, NEVER_HAD_EVENTS, ledger)) ?? ok('store', found)
}

/** Of a store that never had an event. */
function checkLost(uri: string, what: string, ledger: Ledger | undefined): Check | undefined {
  const lost = ledger && lostEvents(uri, what, ledger)
  return lost && problem('store', lost.found, lost.fix)
}

/** `present`: what is in a store of the present layout. Rejects if the start would not open it. */
const readStore = (file: string, now: number, lostAfterMs: number) =>
  readDatabase(file, (db) => {
    const layout = layoutToOpen(db, file)
    if (layout !== SQLITE_LAYOUT) return { layout }
    return { layout, present: { had: createHadEvents(db)(), totals: createTotals(db)(now, lostAfterMs) } }
  })

const MEANWHILE = 'until then people are answered, and events wait in the journal'
