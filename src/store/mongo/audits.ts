// The audit log and its chain.
//
// Several processes append at the same time, so whoever moves the head by a conditional update has the next number. The head also has
// the entries that it was moved by: the next process puts them among the others, where one was killed before it had.

import type { Model, mongo } from 'mongoose'
import PQueue from 'p-queue'
import type { Clock } from '../../lib/clock.ts'
import { endOf, linkAfter, type Place } from '../audit-chain.ts'
import type { AuditEntry, AuditHead, AuditLink, Store } from '../store.ts'
import { collectionOf, insertAll } from './writes.ts'

/** Its `_id` is its number. */
export type AuditDocument = Omit<AuditLink, 'number'> & { readonly _id: number }

/** As they were before there was a chain. */
type OlderAudit = AuditEntry & { readonly _id: mongo.ObjectId }

export type AuditHeadDocument = AuditHead & {
  readonly _id: string
  /** The links that it was moved by. */
  readonly links: readonly AuditLink[]
  /** The documents that these take the place of. */
  readonly replaced: readonly mongo.ObjectId[]
}

type Collections = {
  readonly audits: mongo.Collection<AuditDocument>
  readonly heads: mongo.Collection<AuditHeadDocument>
}
type AuditModels = { readonly audits: Model<AuditDocument>; readonly auditHeads: Model<AuditHeadDocument> }

const HEAD = 'head'

/** Only reads. */
export function createAuditReader({ audits, heads }: Collections): Pick<Store, 'auditHead' | 'auditLinks'> {
  return {
    async auditHead() {
      const found = await heads.findOne({ _id: HEAD })
      if (!found) return undefined
      const { number, hash, since, older } = found
      return { number, hash, since, older }
    },

    async auditLinks(after, limit) {
      const found = await audits
        .find({ _id: { $gt: after ?? Number.NEGATIVE_INFINITY } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const links = found.map(linkOf)
      if (links.length === limit) return links
      // After the last one there can be those of a process that was killed, or has not put them there yet. Unless they come right after
      // it, others came in between, which the next page has.
      const last = links.at(-1)?.number ?? after ?? 0
      const head = await heads.findOne({ _id: HEAD })
      const waiting = (head?.links ?? []).filter(({ number }) => number > last)
      return waiting[0]?.number === last + 1 ? [...links, ...waiting].slice(0, limit) : links
    },
  }
}

export function createAudits(models: AuditModels): Pick<Store, 'audit' | 'audits' | 'auditHead' | 'auditLinks'> {
  // Those of one process need not get in each other's way.
  const queue = new PQueue({ concurrency: 1 })
  return {
    ...createAuditReader(collectionsOf(models)),

    audit: (entry) =>
      queue.add(async () => {
        while (!(await append(models, [entry], [], { begins: entry.at, areOlder: false })));
      }),

    audits: (limit, among) =>
      models.audits
        .find({ ...NUMBERED, ...(among && { what: { $in: among } }) }, { _id: 0, at: 1, who: 1, what: 1, detail: 1 })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<AuditEntry[]>(),
  }
}

/** Entries that were there before there was a chain become its next links, in the order of their instants. */
export async function chainOlderAudits(models: AuditModels, clock: Clock): Promise<void> {
  const collection = models.audits.collection as unknown as mongo.Collection<OlderAudit>
  for (;;) {
    const older = await collection
      .find({ _id: { $type: 'objectId' } })
      .sort({ at: 1, _id: 1 })
      .limit(OLDER_AT_ONCE)
      .toArray()
    if (older.length === 0) return
    const ids = older.map(({ _id }) => _id)
    await append(models, older, ids, { begins: clock(), areOlder: true })
  }
}

const OLDER_AT_ONCE = 200

type Appending = {
  /** When the chain begins, if it does with this. */
  readonly begins: number
  /** Whether these entries were there before the chain. */
  readonly areOlder: boolean
}

/** False, and nothing is appended, when another process moved the head in between. */
async function append(
  models: AuditModels,
  entries: readonly AuditEntry[],
  replaced: readonly mongo.ObjectId[],
  { begins, areOlder }: Appending,
): Promise<boolean> {
  const { audits, heads } = collectionsOf(models)
  const head = (await heads.findOne({ _id: HEAD })) ?? undefined
  if (head) await settle(models, head)
  // Another process has taken them into the chain.
  if (replaced.length > 0 && (await audits.countDocuments({ _id: { $in: [...replaced] } as never })) < replaced.length)
    return false
  const before = endOf(head, await newestIn(audits))
  let last: Place = before
  const links = entries.map((entry) => {
    const link = linkAfter(last, entry)
    last = link
    return link
  })
  const { since, older } = head ?? { since: begins, older: before.number }
  const next: AuditHeadDocument = {
    _id: HEAD,
    number: last.number,
    hash: last.hash,
    since,
    // As long as there is nothing else.
    older: areOlder && older === before.number ? last.number : older,
    links,
    replaced,
  }
  if (!(await moveHead(models, head, next))) return false
  await settle(models, next)
  return true
}

/** What the head was moved by is put among the entries. Safe to repeat, and for several processes at once. */
async function settle(models: AuditModels, { links, replaced }: AuditHeadDocument): Promise<void> {
  const documents = links.map(({ number, ...link }) => ({ _id: number, ...link }))
  if (documents.length > 0) await insertAll(models.audits, documents)
  if (replaced.length > 0) await collectionsOf(models).audits.deleteMany({ _id: { $in: [...replaced] } as never })
}

/** False when it is no longer where it was. */
async function moveHead(
  { auditHeads }: AuditModels,
  from: AuditHeadDocument | undefined,
  to: AuditHeadDocument,
): Promise<boolean> {
  if (!from) return (await insertAll(auditHeads, [to])).size === 0
  const { _id, number, hash } = from
  const { _id: _, ...content } = to
  const { matchedCount } = await collectionOf(auditHeads).replaceOne({ _id, number, hash }, content)
  return matchedCount > 0
}

/**
 * Of a copy whose head was read before its entries: the head moves to the last of those that came in between. Nobody else may have the
 * database open.
 */
export async function catchUpHead({ audits, heads }: Collections): Promise<void> {
  const head = await heads.findOne({ _id: HEAD })
  const newest = await newestIn(audits)
  if (!head || !newest || newest.number <= head.number) return
  const { number, hash } = newest
  await heads.updateOne({ _id: HEAD }, { $set: { number, hash, links: [], replaced: [] } })
}

async function newestIn(audits: Collections['audits']): Promise<AuditLink | undefined> {
  const [newest] = await audits.find(NUMBERED).sort({ _id: -1 }).limit(1).toArray()
  return newest && linkOf(newest)
}

const NUMBERED = { _id: { $gt: Number.NEGATIVE_INFINITY } }

const linkOf = ({ _id: number, at, who, what, detail, before, hash }: AuditDocument): AuditLink => ({
  number,
  at,
  who,
  what,
  detail,
  before,
  hash,
})

const collectionsOf = ({ audits, auditHeads }: AuditModels): Collections => ({
  audits: collectionOf(audits),
  heads: collectionOf(auditHeads),
})
