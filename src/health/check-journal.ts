import { LEDGER } from '../journal/entries.ts'
import { EMPTY_LEDGER, isBalanced, type Ledger } from '../journal/ledger.ts'
import { setAside } from '../journal/recovery.ts'
import { damagedLog } from '../journal/wal-recovery.ts'
import { plural } from '../lib/plural.ts'
import { showDuration } from '../lib/units.ts'
import { OLD_BACKLOG_MS, receivedAt } from './backlog.ts'
import { type Check, ok, problem, warning } from './check.ts'
import { readDatabase } from './read-database.ts'

/** The file, its backlog and ledger, and damaged files that were set aside. */
export async function checkJournal(file: string, isServed: boolean, now: number): Promise<CheckedJournal> {
  const { checks, ledger } = await checkFile(file, isServed, now)
  return { checks: [...checks, ...checkSetAside(file)], ledger }
}

/** Without its ledger where that cannot be read. */
type CheckedJournal = { readonly checks: readonly Check[]; readonly ledger?: Ledger | undefined }

async function checkFile(file: string, isServed: boolean, now: number): Promise<CheckedJournal> {
  const lost = damagedLog(file)
  // Not opened then: SQLite would truncate the log.
  if (lost !== undefined) return only(problem('journal', `${file} is damaged: ${lost}`, SAVED_AT_START))
  const reading = await readJournal(file)
  if (reading.kind === 'missing') return only(ok('journal', `${file} is not there yet; the first start makes it`))
  if (reading.kind === 'unreadable') {
    const fix = /malformed|not a database/.test(reading.reason) ? SAVED_AT_START : LET_IN
    return only(problem('journal', `${file} cannot be read: ${reading.reason}`, fix))
  }

  const { damage, ledger, oldestAt, reason } = reading.value
  if (damage !== undefined) return only(problem('journal', `${file} is damaged: ${damage}`, SAVED_AT_START))
  const checks = [
    ok('journal', `${file} is intact`),
    checkBacklog(ledger.waiting, oldestAt === undefined ? 0 : Math.max(0, now - oldestAt), isServed),
    checkLedger(ledger, reason),
  ]
  return { checks, ledger }
}

const only = (check: Check): CheckedJournal => ({ checks: [check] })

const checkSetAside = (file: string): readonly Check[] =>
  setAsideOf(file).map((path) => warning('journal', `${path} is a damaged journal that was set aside`, LOOK_INTO_IT))

/** None where the folder cannot be read, which the check of the file tells. */
function setAsideOf(file: string): readonly string[] {
  try {
    return setAside(file)
  } catch {
    return []
  }
}

export function checkBacklog(waiting: number, oldestMs: number, isServed: boolean): Check {
  if (waiting === 0) return ok('backlog', 'nothing waits for the store')
  const found = `${plural(waiting, 'event')} waiting for the store, the oldest for ${showDuration(oldestMs)}`
  if (!isServed) return warning('backlog', found, 'the next `screentrail serve` hands them over first')
  if (oldestMs < OLD_BACKLOG_MS) return ok('backlog', found)
  return problem('backlog', found, 'the server’s log says why the store does not take them; nothing is lost meanwhile')
}

/** `reason`: why the store refused the newest event in quarantine. */
export function checkLedger(ledger: Ledger, reason: string | undefined): Check {
  const { received, stored, alreadyStored, waiting, quarantined, dropped } = ledger
  const isRight = isBalanced(ledger)
  const found =
    `${received} received ${isRight ? '=' : '≠'} ${stored} stored + ${alreadyStored} repeated + ${waiting} waiting ` +
    `+ ${quarantined} quarantined + ${dropped} dropped`
  if (!isRight)
    return problem('ledger', found, 'the journal was changed by another program, or this is a bug: please report it')
  if (quarantined > 0)
    return warning('ledger', found, `the store refused what is in quarantine (${reason}); it is kept in the journal`)
  if (dropped === 0) return ok('ledger', found)
  const fix = 'what was dropped could not be written, or was lost with a damaged journal: check the disk'
  return warning('ledger', found, fix)
}

const readJournal = (file: string) =>
  readDatabase(file, (db) => {
    const first = <Row>(sql: string) => db.query<Row, []>(sql).get()
    const verdict = first<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check
    const ledger = first<Ledger>(LEDGER)
    const oldest = first<{ body: string }>('SELECT body FROM entries ORDER BY seq LIMIT 1')
    return {
      /** Undefined if the file is intact. */
      damage: verdict === 'ok' ? (ledger ? undefined : 'its ledger is empty') : (verdict ?? 'it cannot be checked'),
      ledger: ledger ?? EMPTY_LEDGER,
      oldestAt: oldest ? receivedAt(oldest.body) : undefined,
      reason: first<{ reason: string }>('SELECT reason FROM quarantine ORDER BY at DESC LIMIT 1')?.reason,
    }
  })

const SAVED_AT_START = 'start the server again: it saves all that can be read and sets the damaged file aside'
const LET_IN = 'let the user who runs the server read and write it, or name another file under journal.file'
const LOOK_INTO_IT =
  'the log of that start says what was saved and how much is missing; check the disk, and delete the file with its -wal and -shm when nobody needs it any more'
