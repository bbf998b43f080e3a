// Removes what there is of a person. It can be killed anywhere, and goes on.

import type { Archive } from '../archive/archive.ts'
import type { Clock } from '../lib/clock.ts'
import { isPersonal } from '../privacy/personal-data.ts'
import type { Erased, Store, Token } from '../store/store.ts'
import type { SessionRulebook } from '../trail/session.ts'
import { type FindDeps, type Found, findPerson, isTheirs, mayHave } from './find.ts'
import { createFrozenSpan } from './frozen-span.ts'
import { removeItems, removeToken } from './remove.ts'
import type { ErasureCounts, ErasureRequests, PendingErasure } from './requests.ts'
import type { Sift } from './sift.ts'
import type { Tombstones } from './tombstones.ts'

export type EraseDeps = FindDeps & {
  readonly store: FindDeps['store'] &
    Pick<Store, 'eraseToken' | 'eraseItems' | 'removeSealed' | 'frozen' | 'sessionsOf' | 'eventsOf'>
  readonly archive?: Pick<Archive, 'files' | 'read' | 'replace' | 'sweep'> | undefined
  readonly tombstones: Pick<Tombstones, 'all' | 'add' | 'refresh'>
  readonly withoutErased: Sift
  readonly requests: Pick<ErasureRequests, 'keep'>
  readonly rules: SessionRulebook
  /** Resolves when nobody records any more what was read before the tombstones were there, which is since `buriedAt`. */
  readonly afterTombstones: (buriedAt: number) => Promise<void>
  readonly clock: Clock
}

/** What is known of the work, and kept before each step that would make it hard to find the rest. */
type Work = { erasure: PendingErasure }

/** Rejects with one sentence when something is left; the same call goes on. */
export async function erasePerson(erasure: PendingErasure, deps: EraseDeps): Promise<ErasureCounts> {
  const work: Work = { erasure }
  await deps.tombstones.refresh()
  // From here on nothing more of them is recorded, so that what is found is all.
  await bury(work, deps)
  const found = await findPerson(erasure, deps)
  await remember(work, found.tokens, deps)
  await eraseTokens(work, found.tokens, deps)
  await eraseItems(work, found, deps)
  await eraseFromArchive(work, found, deps)
  return work.erasure.done
}

/** Where an earlier run has written them, it may have been killed a moment ago. */
async function bury(work: Work, deps: EraseDeps): Promise<void> {
  const { tombstones, afterTombstones, clock } = deps
  const { hashes, at } = work.erasure
  const fresh = hashes.filter((hash) => (tombstones.all.get(hash) ?? Number.NEGATIVE_INFINITY) < at)
  if (fresh.length > 0 || work.erasure.buriedAt === undefined) {
    await tombstones.add(fresh.map((hash) => ({ hash, at })))
    await keep(work, { buriedAt: clock() }, deps)
  }
  await afterTombstones(work.erasure.buriedAt ?? clock())
}

async function keep(work: Work, changes: Partial<PendingErasure>, { requests }: EraseDeps): Promise<void> {
  work.erasure = { ...work.erasure, ...changes }
  await requests.keep(work.erasure)
}

const count = (work: Work, { events, sessions }: Erased, files: number, deps: EraseDeps): Promise<void> => {
  const { done } = work.erasure
  const sum = { events: done.events + events, sessions: done.sessions + sessions, files: done.files + files }
  return keep(work, { done: { ...done, ...sum } }, deps)
}

/** A search after the first removal would not find them all. */
async function remember(work: Work, tokens: readonly Token[], deps: EraseDeps): Promise<void> {
  const { hashes, isSearched } = work.erasure
  const names = tokens.map(({ flow, token }) => deps.hashes.ofToken(flow, token))
  const trails = tokens.filter(({ token }) => !isPersonal(token))
  const known = {
    hashes: [...new Set([...hashes, ...names])],
    trails,
    isSearched: isSearched || trails.length < tokens.length,
  }
  await keep(work, known, deps)
  await bury(work, deps)
}

async function eraseTokens(work: Work, tokens: readonly Token[], deps: EraseDeps): Promise<void> {
  const { store, afterPage } = deps
  const { at } = work.erasure
  for (const [index, token] of tokens.entries()) {
    await noteFrozen(work, deps, (frozen) => frozen.addToken(token, at, store))
    for await (const erased of removeToken(token, at, deps)) {
      await count(work, erased, 0, deps)
      await afterPage(0.9, `${index + 1} of ${tokens.length} tokens are being erased.`)
    }
  }
}

async function eraseItems(work: Work, { items }: Found, deps: EraseDeps): Promise<void> {
  await noteFrozen(work, deps, (frozen) => frozen.addItems(items))
  for await (const erased of removeItems(items, deps)) {
    await count(work, erased, 0, deps)
    await deps.afterPage(0.9, 'Events of shared tokens are erased.')
  }
}

/** Before what tells of it is removed. */
async function noteFrozen(
  work: Work,
  deps: EraseDeps,
  add: (frozen: ReturnType<typeof createFrozenSpan>) => void | Promise<void>,
): Promise<void> {
  const frozen = createFrozenSpan(await deps.store.frozen(), work.erasure.done.frozen)
  await add(frozen)
  const span = frozen.span()
  if (span) await keep(work, { done: { ...work.erasure.done, frozen: span } }, deps)
}

/** Goes through all files before it rejects. */
async function eraseFromArchive(work: Work, found: Found, deps: EraseDeps): Promise<void> {
  const { archive, hashes, afterPage, withoutErased } = deps
  if (!archive) return
  const isGone = isTheirs(found, work.erasure, hashes)
  const unread = new Set([...found.unread, ...(await archive.sweep(withoutErased))])
  for (const file of await Array.fromAsync(archive.files())) {
    if (!mayHave(file, work.erasure)) continue
    const events = await Array.fromAsync(archive.read(file)).catch((error: Error) => {
      unread.add(error.message)
      return []
    })
    const left = events.filter((event) => !isGone(event))
    if (left.length < events.length) {
      await archive.replace(file, left)
      await count(work, NOTHING, 1, deps)
    }
    await afterPage(0.95, `${file.name} in the archive is looked through.`)
  }
  if (unread.size > 0) throw new Error(`${[...unread].join('; ')}. ${LEFT}`)
}

const NOTHING: Erased = { events: 0, sessions: 0 }

const LEFT =
  'Everything else is erased. Put the file back from a copy, or remove it together with its manifest; the next run goes on'
