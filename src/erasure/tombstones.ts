// Who was erased, and up to when: in a file that outlives the store, in the store for the other processes, and in memory.

import { isObject } from '../lib/json.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Hashes } from './hashes.ts'
import { isTombstone, type Tombstone, type TombstoneFile } from './tombstone-file.ts'

export type Tombstones = ReturnType<typeof createTombstones>

/** `at`: up to when. */
export type Erasing = { readonly kind: 'token' | 'value'; readonly at: number }

type TombstonesDeps = {
  readonly file: TombstoneFile
  readonly store: Pick<Store, 'getDocument' | 'documents' | 'putDocument'>
  readonly hashes: Hashes
  /** Called with those that were not known. */
  readonly onNew?: (hashes: ReadonlySet<string>) => void
}

export function createTombstones({ file, store, hashes, onNew = () => {} }: TombstonesDeps) {
  const all: Instants = new Map()
  let inFile: Instants = new Map()
  let newest = Number.NEGATIVE_INFINITY
  /** Of what was last read from the store. */
  let revision: string | undefined
  let isRead = false
  let refreshedAt = Number.NEGATIVE_INFINITY

  const learn = (instants: ReadonlyMap<string, number>): void => {
    const fresh = missingIn(all, instants)
    for (const { hash, at } of fresh) {
      all.set(hash, at)
      newest = Math.max(newest, at)
    }
    if (fresh.length > 0) onNew(new Set(fresh.map(({ hash }) => hash)))
  }

  const append = (tombstones: readonly Tombstone[]): void => {
    file.append(tombstones)
    raise(inFile, tombstones)
  }

  const put = async (tombstones: readonly Tombstone[]): Promise<void> => {
    if (tombstones.length === 0) return
    for (const { hash, at } of tombstones) await store.putDocument({ kind: KIND, key: hash, value: at }, { now: 0 })
    // After them, so that whoever reads this finds them.
    await store.putDocument({ ...REVISION, value: { revision: crypto.randomUUID() } }, { now: 0 })
  }

  const revisionInStore = async (): Promise<string> => {
    const found = await store.getDocument(REVISION.kind, REVISION.key, 0)
    return isObject(found) ? String(found.revision) : ''
  }

  return {
    /** By hash, up to when. */
    all: all as ReadonlyMap<string, number>,

    /**
     * Learns what other processes have added, and gives file and store what only the other has; unless it has done so within `maxAgeMs`.
     * Rejects when one cannot be read.
     */
    async refresh(maxAgeMs = 0): Promise<void> {
      const startedAt = performance.now()
      if (startedAt - refreshedAt < maxAgeMs) return
      const read = file.read()
      if (read) {
        inFile = raise(new Map(), read)
        learn(inFile)
      }
      const present = await revisionInStore()
      if (isRead && present === revision && !read) {
        refreshedAt = startedAt
        return
      }
      const found = await store.documents(KIND, 0)
      // Anything else would be damage to whoever reads the file.
      const inStore = raise(new Map(), found.map(({ key, value }) => ({ hash: key, at: value })).filter(isTombstone))
      learn(inStore)
      await put(missingIn(inStore, all))
      append(missingIn(inFile, all))
      revision = present
      isRead = true
      refreshedAt = startedAt
    },

    /** In file and store when it resolves. */
    async add(tombstones: readonly Tombstone[]): Promise<void> {
      append(tombstones)
      learn(raise(new Map(), tombstones))
      await put(tombstones)
    },

    /** By `byToken` all of the token is theirs. Undefined where it is nobody's who was erased since. */
    erasedBy({ flow, token, at, input }: Pick<TrailEvent, 'flow' | 'token' | 'at' | 'input'>): Erasing | undefined {
      // Almost all events are newer.
      if (at > newest) return undefined
      const upTo = (names: readonly string[]) =>
        Math.max(...names.map((name) => all.get(name) ?? Number.NEGATIVE_INFINITY))
      const byToken = upTo(hashes.namesOfToken(flow, token))
      if (at <= byToken) return { kind: 'token', at: byToken }
      const byValue = upTo(hashes.namesOfValues(flow, input))
      return at <= byValue ? { kind: 'value', at: byValue } : undefined
    },
  }
}

const KIND = 'tombstone'
/** Changes with every tombstone that a process adds. */
const REVISION = { kind: 'erasures', key: 'revision' } as const

/** By hash, up to when. */
type Instants = Map<string, number>

function raise(instants: Instants, tombstones: readonly Tombstone[]): Instants {
  for (const { hash, at } of tombstones) instants.set(hash, Math.max(at, instants.get(hash) ?? at))
  return instants
}

/** What `known` does not have, or has with an earlier instant. */
const missingIn = (known: ReadonlyMap<string, number>, from: ReadonlyMap<string, number>): Tombstone[] =>
  [...from]
    .filter(([hash, at]) => at > (known.get(hash) ?? Number.NEGATIVE_INFINITY))
    .map(([hash, at]) => ({ hash, at }))
