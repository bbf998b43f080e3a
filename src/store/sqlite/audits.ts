import type { Database } from 'bun:sqlite'
import { BEGINNING, endOf, linkAfter, type Place } from '../audit-chain.ts'
import type { AuditEntry, AuditHead, AuditLink, StoreCalls } from '../store.ts'

/** Reads the chain of the audit log, also in a file that may not be written to. */
export function createAuditReader(db: Database): StoreCalls<'auditHead' | 'auditLinks'> {
  const head = db.prepare<AuditHead, []>('SELECT number, hash, since, older FROM audit_head')
  const links = db.prepare<AuditLink, [number, number]>(`
    SELECT number, at, who, what, detail, before, hash FROM audits WHERE number > ? ORDER BY number LIMIT ?`)
  return {
    auditHead: () => head.get() ?? undefined,
    auditLinks: (after = Number.MIN_SAFE_INTEGER, limit) => links.all(after, limit),
  }
}

export function createAudits(db: Database): StoreCalls<'audit' | 'audits' | 'auditHead' | 'auditLinks'> {
  const { auditHead, auditLinks } = createAuditReader(db)
  const newestPlace = db.prepare<Place, []>('SELECT number, hash FROM audits ORDER BY number DESC LIMIT 1')
  const newest = db.prepare<AuditEntry, [number]>(
    'SELECT at, who, what, detail FROM audits ORDER BY number DESC LIMIT ?',
  )
  const newestAmong = db.prepare<AuditEntry, [string, number]>(`
    SELECT at, who, what, detail FROM audits WHERE what IN (SELECT value FROM json_each(?))
    ORDER BY number DESC LIMIT ?`)
  const add = addAudit(db)
  return {
    audit: db.transaction((entry) => {
      const last = endOf(auditHead(), newestPlace.get() ?? undefined)
      add(linkAfter(last, entry), { since: entry.at, older: last.number })
    }).immediate,
    audits: (limit, among) => (among ? newestAmong.all(JSON.stringify(among), limit) : newest.all(limit)),
    auditHead,
    auditLinks,
  }
}

/** Adds the next link, and moves the head to it. `first`: of the head where there is none yet. */
function addAudit(db: Database): (link: AuditLink, first: Pick<AuditHead, 'since' | 'older'>) => void {
  const add = db.prepare<unknown, AuditLink>(`
    INSERT INTO audits (number, at, who, what, detail, before, hash)
    VALUES ($number, $at, $who, $what, $detail, $before, $hash)`)
  const moveHead = db.prepare<unknown, AuditHead>(`
    INSERT INTO audit_head (only, number, hash, since, older) VALUES (1, $number, $hash, $since, $older)
    ON CONFLICT (only) DO UPDATE SET number = excluded.number, hash = excluded.hash`)
  return (link, first) => {
    add.run(link)
    moveHead.run({ number: link.number, hash: link.hash, ...first })
  }
}

/** A step of the layout: entries that were there before there was a chain become its first links, in their order. */
export function chainOlderAudits(db: Database): void {
  db.run(`
    ALTER TABLE audits RENAME TO older_audits;
    DROP INDEX audits_by_kind;
    CREATE TABLE audits (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      what TEXT NOT NULL,
      detail TEXT NOT NULL,
      before TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    -- The newest of a few kinds, however many there are of others.
    CREATE INDEX audits_by_kind ON audits (what);
    -- The newest entry; see AuditHead.
    CREATE TABLE audit_head (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      number INTEGER NOT NULL,
      hash TEXT NOT NULL,
      since INTEGER NOT NULL,
      older INTEGER NOT NULL
    ) STRICT;
  `)
  const older = db.query<AuditEntry, []>('SELECT at, who, what, detail FROM older_audits ORDER BY number').all()
  const add = addAudit(db)
  const since = Date.now()
  older.reduce((last, entry) => {
    const link = linkAfter(last, entry)
    add(link, { since, older: older.length })
    return link
  }, BEGINNING)
  db.run('DROP TABLE older_audits')
}
