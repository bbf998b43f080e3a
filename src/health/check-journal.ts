import { isBalanced, type Ledger } from '../journal/ledger.ts'
import { showDuration } from '../lib/units.ts'
import { OLD_BACKLOG_MS, receivedAt } from './backlog.ts'
import { type Check, ok, plural, problem, warning } from './check.ts'
import { type Reading, readDatabase } from './read-only.ts'

/** The file, what waits in it, and whether every event is accounted for. */
export function checkJournal(file: string, isServed: boolean, now: number): readonly Check[] {
  const reading = readJournal(file)
  if (reading.kind === 'missing') return [ok('journal', `${file} is not there yet; the first start makes it`)]
  if (reading.kind === 'unreadable')
    return [problem('journal', `${file} cannot be read: ${reading.reason}`, MOVE_ASIDE)]

  const { damage, ledger, oldestAt, reason } = reading.value
  if (damage !== undefined) return [problem('journal', `${file} is damaged: ${damage}`, MOVE_ASIDE)]
  return [
    ok('journal', `${file} is intact`),
    checkBacklog(ledger.waiting, oldestAt === undefined ? 0 : now - oldestAt, isServed),
    checkLedger(ledger, reason),
  ]
}

export function checkBacklog(waiting: number, oldestMs: number, isServed: boolean): Check {
  if (waiting === 0) return ok('backlog', 'nothing waits for the store')
  const found = `${plural(waiting, 'event')} waiting for the store, the oldest for ${showDuration(oldestMs)}`
  if (!isServed) return warning('backlog', found, 'the next `screentrail serve` hands them over first')
  if (oldestMs < OLD_BACKLOG_MS) return ok('backlog', found)
  return problem('backlog', found, 'the server’s log says why the store does not take them; nothing is lost meanwhile')
}

/** `reason`: why the store refused the newest of those in quarantine. */
export function checkLedger(ledger: Ledger, reason: string | undefined): Check {
  const { received, stored, repeated, waiting, quarantined, dropped } = ledger
  const isRight = isBalanced(ledger)
  const found =
    `${received} received ${isRight ? '=' : '≠'} ${stored} stored + ${repeated} repeated + ${waiting} waiting ` +
    `+ ${quarantined} quarantined + ${dropped} dropped`
  if (!isRight)
    return problem('ledger', found, 'the journal was changed by another program, or this is a bug: please report it')
  if (quarantined > 0)
    return warning('ledger', found, `the store refused what is in quarantine (${reason}); it is kept in the journal`)
  if (dropped > 0)
    return warning('ledger', found, 'what was dropped could not be written: see that the disk is never full or stuck')
  return ok('ledger', found)
}

type Journal = {
  /** What the integrity check found; undefined when the file is intact. */
  readonly damage: string | undefined
  readonly ledger: Ledger
  readonly oldestAt: number | undefined
  readonly reason: string | undefined
}

const readJournal = (file: string): Reading<Journal> =>
  readDatabase(file, (db) => {
    const first = <Row>(sql: string) => db.query<Row, []>(sql).get()
    const verdict = first<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check
    const ledger = first<Ledger>(
      `SELECT received, stored, repeated, dropped,
         (SELECT count(*) FROM entries WHERE kind = 'event') AS waiting,
         (SELECT count(*) FROM quarantine) AS quarantined
       FROM ledger`,
    )
    const oldest = first<{ body: string }>('SELECT body FROM entries ORDER BY seq LIMIT 1')
    return {
      damage: verdict === 'ok' ? (ledger ? undefined : 'its ledger is empty') : (verdict ?? 'it cannot be checked'),
      ledger: ledger ?? EMPTY,
      oldestAt: oldest ? receivedAt(oldest.body) : undefined,
      reason: first<{ reason: string }>('SELECT reason FROM quarantine ORDER BY at DESC LIMIT 1')?.reason,
    }
  })

const EMPTY: Ledger = { received: 0, stored: 0, repeated: 0, waiting: 0, quarantined: 0, dropped: 0 }

const MOVE_ASIDE =
  'stop the server, move the journal and its -wal and -shm files aside and keep them, since events may wait in them; then start again'
