// The audit log as a chain: each entry has a number, and a hash over that, its content, and the hash of the entry before. So no entry
// can be changed, removed or put in without the hashes after it being wrong.

import { createHash } from 'node:crypto'
import { canonical } from '../lib/json.ts'
import type { AuditEntry, AuditHead, AuditLink } from './store.ts'

/** What an entry follows. */
export type Place = Pick<AuditLink, 'number' | 'hash'>

/** Before the first entry. */
export const BEGINNING: Place = { number: 0, hash: '0'.repeat(64) }

/** The entry as the next one of the chain. Halves of characters, which no store keeps, become replacement characters. */
export function linkAfter({ number, hash }: Place, { at, who, what, detail }: AuditEntry): AuditLink {
  const content = { number: number + 1, at, who: who.toWellFormed(), what, detail: detail.toWellFormed(), before: hash }
  return { ...content, hash: hashOf(content) }
}

/** Where the chain goes on. What somebody put in after the head stands in nobody's way, and is followed by nothing. */
export const endOf = (head: Place | undefined, newest: Place | undefined): Place =>
  head ? { number: Math.max(head.number, newest?.number ?? 0), hash: head.hash } : (newest ?? BEGINNING)

const hashOf = ({ number, at, who, what, detail, before }: Omit<AuditLink, 'hash'>): string =>
  createHash('sha256').update(canonical({ number, at, who, what, detail, before })).digest('hex')

/** A store, or whatever else reads the chain. */
export type ChainReader = {
  auditHead(): Awaitable<AuditHead | undefined>
  auditLinks(after: number | undefined, limit: number): Awaitable<readonly AuditLink[]>
}

type Awaitable<T> = T | Promise<T>

export type CheckedChain = {
  /** Absent where nothing was ever entered. */
  readonly head?: AuditHead
  /** What was found wrong first, as a clause; absent when nothing is. */
  readonly fault?: string
}

/** `noted`: an entry and its hash, as somebody wrote them down earlier. The log may grow meanwhile. */
export async function checkChain({ auditHead, auditLinks }: ChainReader, noted?: Place): Promise<CheckedChain> {
  let last: AuditLink | undefined
  for (;;) {
    const links = await auditLinks(last?.number, LINKS_AT_ONCE)
    for (const link of links) {
      const fault = faultOf(link, last) ?? (noted?.number === link.number ? faultOfNoted(link, noted) : undefined)
      if (fault !== undefined) return withHead(await auditHead(), fault)
      last = link
    }
    if (links.length > 0) continue
    const head = await auditHead()
    const isBehind = (head?.number ?? 0) > (last?.number ?? 0)
    // They came after the last page was read.
    if (isBehind && (await auditLinks(last?.number, 1)).length > 0) continue
    const [beyond] = head && !isBehind ? await auditLinks(head.number, 1) : []
    return withHead(head, faultAtEnd({ head, last, beyond, noted }))
  }
}

const LINKS_AT_ONCE = 1_000

const withHead = (head: AuditHead | undefined, fault: string | undefined): CheckedChain => ({
  ...(head && { head }),
  ...(fault !== undefined && { fault }),
})

/** Of a link that comes after `last`. */
function faultOf(link: AuditLink, last: AuditLink | undefined): string | undefined {
  const { number, hash } = last ?? BEGINNING
  const next = number + 1
  if (link.number < next || !Number.isInteger(link.number)) return `${nameOf(link)}, was put in`
  const original = hashOf(link) === link.hash ? link.number : numberOf(link)
  if (original === undefined && link.number === next) return `${nameOf(link)}, was changed or put in`
  if (original !== undefined && original < next) return putIn(original, last, link)
  if (link.number > next || original !== next) return removed(next, (original ?? link.number) - 1, last, link)
  if (link.before === hash) return undefined
  // It is as it was made, and it was made after another one.
  return last ? `${nameOf(last)}, was changed or put in` : `${nameOf(link)}, was not the first`
}

/** The number that it had when its hash was computed, if that is near. */
function numberOf(link: AuditLink): number | undefined {
  for (let step = 1; step <= FARTHEST; step++)
    for (const number of [link.number - step, link.number + step])
      if (hashOf({ ...link, number }) === link.hash) return number
  return undefined
}

const FARTHEST = 1_000

const faultOfNoted = (link: AuditLink, { hash }: Place): string | undefined =>
  link.hash === hash
    ? undefined
    : `${nameOf(link)}, is not the one that was noted, or one before it is not as it was then`

type End = { readonly [what in 'last' | 'beyond']: AuditLink | undefined } & {
  readonly head: AuditHead | undefined
  readonly noted: Place | undefined
}

/** `last`: of all. `beyond`: the first one that the head does not know. */
function faultAtEnd({ head, last, beyond, noted }: End): string | undefined {
  const newest = last?.number ?? 0
  // First: of a log that is gone as a whole, nothing else tells.
  if (noted && noted.number > newest) return `entry ${noted.number}, which was noted, is not there`
  if (!head) return last && `the head is missing: whatever came after ${nameOf(last)}, may be missing too`
  if (head.number > newest) return removed(newest + 1, head.number, last, undefined)
  if (beyond) return `${nameOf(beyond)}, was put in, or the head was changed`
  if (head.hash !== last?.hash && newest > 0) return `entry ${newest} or the head was changed`
  return undefined
}

const nameOf = ({ number, at }: AuditLink): string => `entry ${number}, of ${instantOf(at)}`

function putIn(from: number, last: AuditLink | undefined, next: AuditLink): string {
  if (last?.number === from) return `${nameOf(last)}, was put in`
  return `entries ${from} to ${next.number - 1} were put in; the one after is of ${instantOf(next.at)}`
}

function removed(from: number, to: number, last: AuditLink | undefined, next: AuditLink | undefined): string {
  const which = to > from ? `entries ${from} to ${to} were removed` : `entry ${from} was removed`
  const before = last && `the one before is of ${instantOf(last.at)}`
  const after = next && `the one after is of ${instantOf(next.at)}`
  return [which, before, after].filter((part) => part !== undefined).join('; ')
}

/** Whoever changes a database can write any number. */
export function instantOf(at: number): string {
  const instant = new Date(at)
  return Number.isNaN(instant.getTime()) ? `an impossible time (${at})` : instant.toISOString()
}
