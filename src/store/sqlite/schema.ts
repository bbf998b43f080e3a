// The tables of the SQLite store, as steps from an empty file to the present layout. A released step is never edited.

import type { Database } from 'bun:sqlite'
import { chainOlderAudits } from './audits.ts'
import { EVENT_TABLES, type RollupTables, SESSION_TABLES } from './rollup-tables.ts'
import { hashOlderTokens } from './trails.ts'

/** The first part of a rollup is JSON, which many questions need alone; the others are JSON as zstd, a third of the bytes. */
const rollups = ({ hours, days, staleMinutes, staleDays }: RollupTables, parts: string): string => `
  -- What the items of one flow and version in one hour (since 1970) add up to.
  CREATE TABLE ${hours} (
    flow INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- Grows with each writing. An hour without items stays, empty, so that this never begins again.
    revision INTEGER NOT NULL,
    ${parts},
    PRIMARY KEY (flow, hour, version)
  ) STRICT;
  -- The same of one day (UTC), made of its hours.
  CREATE TABLE ${days} (
    flow INTEGER NOT NULL,
    day INTEGER NOT NULL,
    version INTEGER NOT NULL,
    ${parts},
    PRIMARY KEY (flow, day, version)
  ) STRICT;
  -- The minutes whose items have changed since their hour was written, and how often.
  CREATE TABLE ${staleMinutes} (
    flow INTEGER NOT NULL,
    version INTEGER NOT NULL,
    minute INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    PRIMARY KEY (flow, version, minute)
  ) STRICT, WITHOUT ROWID;
  -- The days of which an hour was written since, and how often.
  CREATE TABLE ${staleDays} (
    flow INTEGER NOT NULL,
    version INTEGER NOT NULL,
    day INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    PRIMARY KEY (flow, version, day)
  ) STRICT, WITHOUT ROWID;
`

/** Parts of frozen hours, which a midnight cuts. */
const hourParts = ({ parts: table }: RollupTables, parts: string): string => `
  CREATE TABLE ${table} (
    flow INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    ${parts},
    PRIMARY KEY (flow, from_at, version)
  ) STRICT;
`

/** Tells whether any hour of a period was written since, without a look at the rows, which are long. */
const hourRevisions = ({ hours }: RollupTables): string =>
  `CREATE INDEX ${hours}_revisions ON ${hours} (flow, hour, version, revision);`

const SESSION_PARTS = 'paths TEXT NOT NULL, rest BLOB NOT NULL'
const EVENT_PARTS = 'requests TEXT NOT NULL, durations BLOB NOT NULL, contents BLOB NOT NULL'

const inSql =
  (sql: string): Step =>
  (db) =>
    void db.run(sql)

type Step = (db: Database) => void

/** `user_version` counts how many of these a file has been through. */
export const MIGRATIONS: readonly Step[] = [
  inSql(
    `
  -- Names that come again and again (flows, versions, screens, triggers), so that a row holds a small number instead.
  CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
  ) STRICT;

  -- One segment (segment.ts) of one token in one flow. The token leads, because people search by token alone. \`recorded\` counts
  -- the events that came into it, \`newest_at\` is when the latest of them was received.
  CREATE TABLE trails (
    id INTEGER PRIMARY KEY,
    flow INTEGER NOT NULL,
    token TEXT NOT NULL,
    segment INTEGER NOT NULL,
    tracked INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    newest_at INTEGER NOT NULL,
    UNIQUE (token, flow, segment)
  ) STRICT;

  CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    trail INTEGER NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    action INTEGER NOT NULL,
    screen INTEGER NOT NULL,
    next INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    trigger_word INTEGER,
    sequence TEXT,
    input TEXT,
    fingerprint TEXT NOT NULL,
    errors TEXT,
    processing INTEGER NOT NULL,
    upstream INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    reply_bytes INTEGER NOT NULL
  ) STRICT;
  -- The events of a trail, and each of them once: 80 bits of the id are plenty to tell the events of one trail apart.
  CREATE UNIQUE INDEX events_of_trail ON events (trail, substr(id, 1, 10));
  -- Pages in order of time. Events of the same millisecond are sorted by id as they are read.
  CREATE INDEX events_in_time ON events (at);

  CREATE TABLE sessions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    trail INTEGER NOT NULL,
    flow INTEGER NOT NULL,
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    completed_at INTEGER,
    is_completed INTEGER NOT NULL AS (completed_at IS NOT NULL),
    exit INTEGER NOT NULL,
    source_event_count INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  -- The sessions of a token: to bring them up to date, and for the token filter.
  CREATE INDEX sessions_of_trail ON sessions (trail);
  -- The list with no filter but time. In this and the next two, is_completed spares a look at each row that is not wanted.
  CREATE INDEX sessions_in_time ON sessions (started_at, is_completed);
  -- The list of one flow, and which flows there are.
  CREATE INDEX sessions_of_flow ON sessions (flow, started_at, is_completed);
  -- The list of one exit screen, and which exit screens there are.
  CREATE INDEX sessions_by_exit ON sessions (exit, started_at, is_completed);
  -- The open sessions, which are few and recent, and their count.
  CREATE INDEX sessions_uncompleted ON sessions (last_at) WHERE completed_at IS NULL;

  -- The newest refusals only; see incidents_trimmed.
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    category TEXT NOT NULL,
    flow TEXT NOT NULL,
    detail TEXT NOT NULL,
    count INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- The list, newest first, and what to trim.
  CREATE INDEX incidents_in_time ON incidents (at, id);
  -- The list of one category.
  CREATE INDEX incidents_by_category ON incidents (category, at, id);

  -- The newest incident that was trimmed. Whatever is not newer has been counted already.
  CREATE TABLE incidents_trimmed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at INTEGER NOT NULL,
    id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE incident_counts (
    category TEXT PRIMARY KEY,
    count INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
  -- What has expired, to clear it away.
  CREATE INDEX documents_expiring ON documents (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE audits (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  -- The newest of a few kinds, however many there are of others.
  CREATE INDEX audits_by_kind ON audits (what);

  -- Counted as rows come and go, so that no page ever has to count millions.
  CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO counters (name, value) VALUES ('tracked', 0), ('untracked', 0), ('completed', 0), ('uncompleted', 0);

  CREATE TRIGGER event_added AFTER INSERT ON events BEGIN
    UPDATE counters SET value = value + 1
    WHERE name = (SELECT iif(tracked, 'tracked', 'untracked') FROM trails WHERE id = NEW.trail);
  END;
  CREATE TRIGGER event_removed AFTER DELETE ON events BEGIN
    UPDATE counters SET value = value - 1
    WHERE name = (SELECT iif(tracked, 'tracked', 'untracked') FROM trails WHERE id = OLD.trail);
  END;
  CREATE TRIGGER session_added AFTER INSERT ON sessions BEGIN
    UPDATE counters SET value = value + 1 WHERE name = iif(NEW.completed_at IS NULL, 'uncompleted', 'completed');
  END;
  CREATE TRIGGER session_removed AFTER DELETE ON sessions BEGIN
    UPDATE counters SET value = value - 1 WHERE name = iif(OLD.completed_at IS NULL, 'uncompleted', 'completed');
  END;
  CREATE TRIGGER session_changed AFTER UPDATE OF completed_at ON sessions
  WHEN (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL) BEGIN
    UPDATE counters SET value = value - 1 WHERE name = iif(OLD.completed_at IS NULL, 'uncompleted', 'completed');
    UPDATE counters SET value = value + 1 WHERE name = iif(NEW.completed_at IS NULL, 'uncompleted', 'completed');
  END;
  ` +
      rollups(SESSION_TABLES, SESSION_PARTS) +
      rollups(EVENT_TABLES, EVENT_PARTS),
  ),
  inSql(hourParts(SESSION_TABLES, SESSION_PARTS) + hourParts(EVENT_TABLES, EVENT_PARTS)),
  chainOlderAudits,
  inSql(`
  -- What sessions under way said, for whichever process answers next. The key is flow and token.
  CREATE TABLE sealed_sessions (
    id INTEGER PRIMARY KEY,
    -- Of the key.
    hash INTEGER NOT NULL UNIQUE,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Since 1970.
    expiry_hour INTEGER NOT NULL,
    sealed TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sealed_sessions_expiring ON sealed_sessions (expiry_hour);
  `),
  hashOlderTokens,
  inSql(hourRevisions(SESSION_TABLES) + hourRevisions(EVENT_TABLES)),
]
