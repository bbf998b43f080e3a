// All that erasing and handing out a person takes, over one store: the same for a server and for the command line.

import type { Archive, ArchiveBatch } from '../archive/archive.ts'
import type { Flow } from '../flow/definition.ts'
import type { Clock } from '../lib/clock.ts'
import type { PseudonymKey } from '../privacy/pseudonym.ts'
import type { Store } from '../store/store.ts'
import { hashesBy } from './hashes.ts'
import { type Asked, type ReadPerson, readPerson } from './person.ts'
import { erasureRequests } from './requests.ts'
import { createSift, type Sift } from './sift.ts'
import { tombstoneFileAt, tombstoneFileBeside } from './tombstone-file.ts'
import { createTombstones } from './tombstones.ts'

export type ErasureDeps = {
  readonly store: Store
  readonly key: PseudonymKey
  readonly flows: ReadonlyMap<string, Pick<Flow, 'tokens'>>
  /** The file of the journal. */
  readonly journalFile: string
  readonly archive?: Archive | undefined
  readonly clock: Clock
  /** Called with hashes that were not known. */
  readonly onNew?: (hashes: ReadonlySet<string>) => void
}

export type ErasureParts = ReturnType<typeof createErasure>

export function createErasure({ store, key, flows, journalFile, archive, clock, onNew }: ErasureDeps) {
  const hashes = hashesBy(key)
  const file = tombstoneFileAt(tombstoneFileBeside(journalFile))
  const tombstones = createTombstones({ file, store, hashes, ...(onNew && { onNew }) })
  const requests = erasureRequests(store, clock)
  const withoutErased: Sift = async (events) => {
    await tombstones.refresh()
    return events.filter((event) => tombstones.erasedBy(event) === undefined)
  }
  const read = (asked: Asked, known: ReadonlySet<string>) =>
    readPerson(asked, { hashes, key, flows: [...flows.values()], known })
  return {
    hashes,
    tombstones,
    requests,
    sift: createSift({ tombstones, requests, store, hashes }),
    /** The same, and nothing follows from what is left out. */
    withoutErased,
    sifted: archive && siftedArchive(archive, withoutErased),
    /** What the searches of `find.ts` need, but for `afterPage`. */
    search: { store, archive, flows: [...flows.keys()], hashes },
    async read(asked: Asked): Promise<ReadPerson> {
      const known = asked.flow === undefined ? NONE : await knownFlows(asked.flow, { flows, store, archive })
      return read(asked, known)
    },
    /** What the audit log calls whoever has this token, as it cannot be edited: a keyed hash. A token of everybody stays. */
    auditedToken(typed: string): string {
      const found = read({ token: typed }, NONE)
      return found.ok ? found.person.id : typed
    },
  }
}

/** The archive, without people who were erased: retention may have read their events before that. */
export type SiftedArchive = ReturnType<typeof siftedArchive>

const siftedArchive = (archive: Archive, withoutErased: Sift) => ({
  write: (batch: ArchiveBatch) => archive.writeSifted(batch, withoutErased),
  /** Takes them out of what killed processes have left, too. */
  sweep: () => archive.sweep(withoutErased),
})

const NONE: ReadonlySet<string> = new Set()

/** A flow that left the config goes on in the store, and then in the archive. Looks no further than where `flow` is found. */
async function knownFlows(
  flow: string,
  { flows, store, archive }: Pick<ErasureDeps, 'flows' | 'store' | 'archive'>,
): Promise<ReadonlySet<string>> {
  const known = new Set(flows.keys())
  if (known.has(flow)) return known
  for (const stored of await store.flows({ isExact: true })) known.add(stored)
  if (known.has(flow) || !archive) return known
  for await (const file of archive.files()) {
    known.add(file.flow)
    if (file.flow === flow) break
  }
  return known
}
