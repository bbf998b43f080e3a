import { plural } from '../lib/plural.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { type ChainReader, type CheckedChain, checkChain, instantOf, type Place } from '../store/audit-chain.ts'
import { createAuditReader } from '../store/sqlite/audits.ts'
import { layoutOf, SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { type Check, ok, problem } from './check.ts'
import { readDatabase } from './read-database.ts'

/**
 * Whether the audit log is as it was made. `noted`: an entry and its hash, as somebody wrote them down. Says nothing of a store that
 * cannot be read or has another layout, as the check of the store does; of one that is not there only that it has not what was noted.
 */
export async function checkAudit(uri: string, noted: Place | undefined): Promise<readonly Check[]> {
  const file = sqliteFileOf(uri)
  const chain = file === undefined ? await chainInMongo(uri, noted) : await chainInFile(file, noted)
  return chain ? [judge(chain)] : []
}

async function chainInFile(file: string, noted: Place | undefined): Promise<CheckedChain | undefined> {
  const reading = await readDatabase(file, async (db) =>
    layoutOf(db) === SQLITE_LAYOUT ? checkChain(createAuditReader(db), noted) : undefined,
  )
  if (reading.kind === 'missing' && noted) return checkChain(NOTHING, noted)
  return reading.kind === 'read' ? reading.value : undefined
}

const NOTHING: ChainReader = { auditHead: () => undefined, auditLinks: () => [] }

async function chainInMongo(uri: string, noted: Place | undefined): Promise<CheckedChain | undefined> {
  // Loads the driver only if needed.
  const { checkAudits } = await import('../store/mongo/probe.ts')
  return checkAudits(uri, noted).catch(() => undefined)
}

function judge({ head, fault }: CheckedChain): Check {
  const values = head && { number: head.number, sha256: head.hash, since: instantOf(head.since) }
  if (fault !== undefined)
    return { ...problem('audit', `the audit log is not as it was made: ${fault}`, LOOK), ...(values && { values }) }
  if (!head || !values) return ok('audit', 'nothing is in the audit log yet')
  const { number, hash, older } = head
  const found = `${plural(number, 'entry', 'entries')}, chained since ${values.since}${olderText(older)}; the newest is ${number}:${hash}`
  return { ...ok('audit', found), values }
}

const olderText = (older: number): string =>
  older === 0 ? '' : ` (the first ${older.toLocaleString('en')} are older, and chained as they were then)`

const LOOK =
  'somebody has written to the database by other means; compare with a backup from before, and see docs/security.md'
