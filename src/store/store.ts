// The one contract every store keeps. `contract.ts` beside this file is the suite that holds each of them to it.

import type { Instants } from '../lib/instants.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import type { RollupStorages } from '../rollup/rollups.ts'
import type { Span } from '../rollup/time.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident, IncidentCategory } from '../trail/incident.ts'
import type { Ending, Session, SessionRulebook } from '../trail/session.ts'
import type { AuditKind } from './audit-kinds.ts'
import type { Frozen, OldRollups } from './frozen.ts'
import type { SealedSession } from './sealed-session.ts'
import type { TrailKey } from './trail-key.ts'

export interface Store {
  /**
   * Stores the events and brings the sessions of their tokens up to date. Safe to repeat: an event whose id is known is
   * counted as repeated and changes nothing. Any order of arrival and any split into batches gives the same sessions.
   * When the promise resolves, the events survive a crash of this process. Rejects when the store is out of reach, in which
   * case some of the batch may be stored already: send it again.
   */
  record(events: readonly TrailEvent[], rules: SessionRulebook): Promise<Recorded>

  /** The ids of those events that are stored already. */
  known(events: readonly Pick<TrailEvent, 'id' | 'flow' | 'token'>[]): Promise<readonly string[]>

  /** Stores incidents, idempotent by id, and keeps only the newest `keep`: what strangers send cannot fill the disk. */
  addIncidents(incidents: readonly Incident[], keep: number): Promise<void>

  /** All events of one token in one flow, by instant received, then id; any number of them. */
  eventsOf(flow: string, token: string): Promise<readonly TrailEvent[]>

  /**
   * The newest events of a token, oldest first, `limit` at most; those of its newest segment with sessions (`segment.ts`) only, so
   * that this takes no longer for a long trail.
   */
  newestEventsOf(flow: string, token: string, limit: number): Promise<readonly TrailEvent[]>

  session(id: string): Promise<Session | undefined>

  /**
   * The sessions of these tokens, all segments of each, in no particular order. `within`: only those that were under way between
   * these instants.
   */
  sessionsOf(trails: readonly TrailKey[], within?: Instants): Promise<readonly Session[]>

  /**
   * The trails that have events, without those that cannot be told apart; one for each segment of a long trail. A walk from page to
   * page meets each of them exactly once, in an order that never changes; one that is new meanwhile, it may meet or not. `next` is
   * there when more follow.
   */
  trails(query: TrailQuery): Promise<Page<TrailKey>>

  /**
   * Makes the sessions of these trails what their stored events say under these rules, as `record` would. Safe to break off, to
   * repeat, and at the same time as `record`, whose rules must be the same: else whoever comes last to a trail decides.
   * Sessions outlive events: those that ended before `Frozen.eventsBefore`, or were computed from more events than are stored now,
   * stay, and nothing is put beside them for their time. With `dryRun` it only counts. A call is one step, on SQLite one transaction: give it a page.
   */
  rederive(
    trails: readonly TrailKey[],
    rules: SessionRulebook,
    options?: { readonly dryRun?: boolean },
  ): Promise<Rederived>

  /** What is frozen. */
  frozen(): Promise<Frozen>

  /**
   * Freezes the rollups of the hours before these instants, so that what they were computed from can be removed. From then on nothing
   * changes them: no late event, no `rederive`, no `recomputeAll`. What is frozen stays so. Returns false, and freezes nothing, while
   * one of these hours has changed since its rollup was computed.
   */
  freeze(frozen: Frozen): Promise<boolean>

  /**
   * Removes these events; their sessions and the rollups stay. They must have been received before `eventsBefore`, and belong to no
   * session that ended later. Safe to repeat and to break off. A call is one step, on SQLite one transaction: give it a page. `rules`:
   * those of `record`.
   */
  removeEvents(events: readonly TrailEvent[], rules: SessionRulebook): Promise<void>

  /** Removes the sessions that began before `sessionsBefore` and ended before `eventsBefore`, `limit` at most. Returns how many. */
  removeSessions(limit: number): Promise<number>

  /** Whether sessions of a flow, or of any, began in a span of frozen hours. Rollups tell, also of sessions that are removed. */
  hadSessions(span: Span, flow?: string): Promise<boolean>

  /** The instant before which `removeRollups` has removed the rollups; `NEVER` where there were none to remove. */
  rollupsBefore(): Promise<number>

  /** The hours before this instant that have a rollup: how many, and from the first to the end of the last. */
  oldRollups(before: number): Promise<OldRollups>

  /**
   * Removes the rollups of all days (UTC) before this instant, which must be frozen, `limit` of each kind at most. Nothing is left of them
   * when it returns 0. Safe to repeat and to break off.
   */
  removeRollups(before: number, limit: number): Promise<number>

  /** Of these tokens, those that many people share, now or at some time (`segment.ts`): their events belong to nobody alone. */
  sharedTokens(tokens: readonly Token[]): Promise<readonly Token[]>

  /**
   * Removes what there is of a token up to an instant: `limit` of its events, and with the last of them the sessions that began by
   * then. Also where hours are frozen: their rollups stay, and all others become stale. Sessions are derived anew from later events.
   * Safe to repeat and to break off; nothing is left when it returns zeros. A call is one step, on SQLite one transaction.
   */
  eraseToken(token: Token, upTo: number, limit: number, rules: SessionRulebook): Promise<Erased>

  /** Removes these events and sessions, as `eraseToken` does, and nothing else of their tokens. Returns how many were there. */
  eraseItems(items: ErasedItems, rules: SessionRulebook): Promise<Erased>

  /** Gives back some of the room on disk that removed items leave. True when there is no more to give back. */
  releaseRoom(): Promise<boolean>

  /**
   * Gives stored events other inputs; sessions and rollups stay as they are. An event whose input is no longer `from` is left alone, so
   * that this is safe to repeat and to break off. Returns those that have `to` now, each with its trail. A call is one step, on SQLite
   * one transaction: give it a page.
   */
  replaceInputs(changes: readonly InputChange[]): Promise<readonly PlacedEvent[]>

  /**
   * Takes what was replaced or removed out of what the store alone writes: on SQLite no file has it afterwards. False while somebody
   * still reads an earlier state; ask again then.
   */
  purge(): Promise<boolean>

  /** Newest first by `startedAt`, then id. One page; `next` is there when more follow. */
  sessions(query: SessionQuery): Promise<Page<Session>>

  /** Events in the order of (at, id), oldest first. One page; `next` is there when more follow. */
  events(query: EventQuery): Promise<Page<TrailEvent>>

  /**
   * Whether there are events, or were: sessions outlive them, and retention, erasures and restores leave a word. Asks for existence
   * only, so that the cost does not grow with the store.
   */
  hadEvents(): Promise<boolean>

  /** Newest first. One page. */
  incidents(query: IncidentQuery): Promise<Page<Incident>>

  /** Requests that were refused, by category. */
  incidentCounts(): Promise<IncidentCounts>

  /** Those that sessions tell of, by name. Of many sessions, the answer can be some seconds old, unless it has to be exact. */
  flows(how?: { readonly isExact: boolean }): Promise<readonly string[]>

  /**
   * The screens that sessions were last seen on, by name; `MOST_EXITS` of them, as people can make up any number. Of many
   * sessions, the answer can be some seconds old.
   */
  exits(): Promise<readonly string[]>

  /** Counts of what the store holds; `endings` as of `now`. Of many sessions, the answer can be some seconds old. */
  totals(now: number, lostAfterMs: number): Promise<Totals>

  /** Small documents by kind and key: accounts, logins, job state. Returns undefined when absent or expired at `now`. */
  getDocument(kind: string, key: string, now: number): Promise<Json | undefined>

  /** All unexpired documents of a kind, in the order of their keys. For kinds of which there are few. */
  documents(kind: string, now: number): Promise<readonly KeyedValue[]>

  /**
   * Writes a small document. Writes nothing and returns false when an unexpired one is there with `onlyIfAbsent`, and when the
   * value there is not (or no longer) this one with `onlyIf`: of two callers at once exactly one gets true.
   */
  putDocument(document: Document, options: PutOptions): Promise<boolean>

  /** Deletes the document, or with no key all of the kind. Returns how many were there. */
  deleteDocuments(kind: string, key?: string): Promise<number>

  /** Keeps these, each in place of the one of its token that is older. One that is there and newer stays. */
  keepSealed(sessions: readonly SealedSession[]): Promise<void>

  /** Undefined when there is none, or it has expired at `now`. */
  sealedSession(flow: string, token: string, now: number): Promise<SealedSession | undefined>

  /** Removes the one of this token, unless it is newer than `upTo`. */
  removeSealed(token: Token, upTo: number): Promise<void>

  /** Removes those that have expired at `now`, `limit` at most. Returns how many. */
  removeExpiredSealed(now: number, limit: number): Promise<number>

  /** Appends to the audit log, and to its chain (`audit-chain.ts`): who did what, when. */
  audit(entry: AuditEntry): Promise<void>

  /** Newest first; of all, or of these kinds (`what`) only. */
  audits(limit: number, among?: readonly AuditKind[]): Promise<readonly AuditEntry[]>

  /** Undefined while nothing was ever entered in the audit log. */
  auditHead(): Promise<AuditHead | undefined>

  /** The links of the audit log's chain by number, `limit` at most: the first ones, or those after a number. */
  auditLinks(after: number | undefined, limit: number): Promise<readonly AuditLink[]>

  /** Idempotent. After it every other call rejects. */
  close(): Promise<void>
}

/** Some calls of a store, on the thread of its database. */
export type StoreCalls<Name extends keyof Store> = {
  [name in Name]: (...args: Parameters<Store[name]>) => Awaited<ReturnType<Store[name]>>
}

/** With what its rollups are kept in, for whoever computes numbers. */
export type QueryStore = Store & { readonly rollups: RollupStorages }

export const MOST_EXITS = 200

export type Recorded = {
  /** Events that were new. */
  readonly stored: number
  /** Events whose id was known already. */
  readonly alreadyStored: number
  /** Events that the store refuses for their content; sending them again would not help. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

export type Rederived = {
  /** Events that these trails have. */
  readonly events: number
  /** Sessions that these trails have now; with `dryRun`, that they would have. */
  readonly sessions: number
  /** Sessions that were added, removed, or not what they were. */
  readonly changed: number
}

export type Token = Pick<TrailKey, 'flow' | 'token'>

export type Erased = { readonly events: number; readonly sessions: number }

export type ErasedItems = {
  readonly events: readonly Pick<TrailEvent, 'id' | 'flow' | 'token'>[]
  readonly sessions: readonly Pick<Session, 'id' | 'flow' | 'token'>[]
}

/** Of the event with this id. */
export type InputChange = Pick<TrailEvent, 'id' | 'flow' | 'token'> & {
  /** As it was read. */
  readonly from: JsonObject
  readonly to: JsonObject
}

/** An event, and the segment of its token that it belongs to. */
export type PlacedEvent = TrailKey & Pick<TrailEvent, 'id'>

/** An opaque place to continue from; as given by `Page.next`. Anything else is treated as absent. */
export type Cursor = string

/** Of what takes many bytes a page can hold less than it was asked for, though more follow. */
export type Page<T> = { readonly items: readonly T[]; readonly next?: Cursor }

export type TrailQuery = { readonly limit: number; readonly after?: Cursor }

export type SessionQuery = {
  readonly flow?: string
  readonly ending?: Ending
  /** The screen the person was last on. */
  readonly exit?: string
  /** The whole flow token, or each of the forms that it may be stored in. */
  readonly token?: string | readonly string[]
  /** Sessions that started at or after `from` and before `until`, milliseconds since the epoch. */
  readonly from?: number
  readonly until?: number
  /** What `ending` is judged by. */
  readonly now: number
  readonly lostAfterMs: number
  readonly limit: number
  readonly after?: Cursor
}

export type EventQuery = {
  readonly flow?: string
  /** The id of a session: only what it was derived from. Nothing where there is no such session. */
  readonly session?: string
  readonly from?: number
  readonly until?: number
  readonly limit: number
  readonly after?: Cursor
}

export type IncidentQuery = { readonly category?: IncidentCategory; readonly limit: number; readonly after?: Cursor }

export type Totals = {
  readonly events: number
  /** Events without a token of their own; they belong to no session. */
  readonly untracked: number
  readonly endings: { readonly [ending in Ending]: number }
  /** Bytes on disk, or 0 where the store cannot tell. */
  readonly bytes: number
}

/** Summaries count for what they stand for. */
export type IncidentCounts = { readonly [category in IncidentCategory]?: number }

export type Document = {
  readonly kind: string
  readonly key: string
  readonly value: Json
  /** Milliseconds since the epoch; gone from then on. */
  readonly expiresAt?: number
}

export type KeyedValue = { readonly key: string; readonly value: Json }

export type PutOptions = {
  readonly now: number
  readonly onlyIfAbsent?: boolean
  /** The value as it was read. */
  readonly onlyIf?: Json
}

export type AuditEntry = {
  readonly at: number
  /** The account's name, or `system`. */
  readonly who: string
  readonly what: AuditKind
  readonly detail: string
}

/** An entry as a link of the chain. The hashes are SHA-256, hexadecimal. */
export type AuditLink = AuditEntry & {
  /** From 1 on, without a gap. */
  readonly number: number
  /** The hash of the entry before. */
  readonly before: string
  readonly hash: string
}

/** What the newest entry of the audit log is, kept apart from the entries, so that it is noticed when they are cut off. */
export type AuditHead = Pick<AuditLink, 'number' | 'hash'> & {
  /** Milliseconds since the epoch; from then on entries are links of the chain from the beginning. */
  readonly since: number
  /** The first entries, as many as this, were there before, and became links as they were then. */
  readonly older: number
}
