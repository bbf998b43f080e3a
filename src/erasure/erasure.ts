// All that erasing and handing out a person takes, over one store: the same for a server and for the command line.

import type { Archive, ArchiveBatch } from '../archive/archive.ts'
import type { Flow } from '../flow/definition.ts'
import type { Clock } from '../lib/clock.ts'
import type { PseudonymKey } from '../privacy/pseudonym.ts'
import type { Store } from '../store/store.ts'
import { type Hashes, hashesBy } from './hashes.ts'
import { type Asked, type ReadPerson, readPerson } from './person.ts'
import { type ErasureRequests, erasureRequests } from './requests.ts'
import { createSift, type Sift } from './sift.ts'
import { tombstoneFileAt, tombstoneFileBeside } from './tombstone-file.ts'
import { createTombstones, type Tombstones } from './tombstones.ts'

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

/** The archive, without people who were erased: retention may have read their events before that. */
export type SiftedArchive = {
  write(batch: ArchiveBatch): Promise<void>
  /** Takes them out of what killed processes have left, too. */
  sweep(): Promise<unknown>
}

export type ErasureParts = {
  readonly hashes: Hashes
  readonly tombstones: Tombstones
  readonly requests: ErasureRequests
  readonly sift: Sift
  /** The same, and nothing follows from what is left out. */
  readonly withoutErased: Sift
  readonly sifted: SiftedArchive | undefined
  /** What the searches of `find.ts` need, but for `afterPage`. */
  readonly search: {
    readonly store: Store
    readonly archive: Archive | undefined
    readonly flows: readonly string[]
    readonly hashes: Hashes
  }
  read(asked: Asked): Promise<ReadPerson>
}

export function createErasure({ store, key, flows, journalFile, archive, clock, onNew }: ErasureDeps): ErasureParts {
  const hashes = hashesBy(key)
  const file = tombstoneFileAt(tombstoneFileBeside(journalFile))
  const tombstones = createTombstones({ file, store, hashes, ...(onNew && { onNew }) })
  const requests = erasureRequests(store, clock)
  const withoutErased: Sift = async (events) => {
    await tombstones.refresh()
    return events.filter((event) => tombstones.erasedBy(event) === undefined)
  }
  return {
    hashes,
    tombstones,
    requests,
    sift: createSift({ tombstones, requests, store, hashes }),
    withoutErased,
    sifted: archive && {
      write: (batch) => archive.writeSifted(batch, withoutErased),
      sweep: () => archive.sweep(withoutErased),
    },
    search: { store, archive, flows: [...flows.keys()], hashes },
    async read(asked) {
      const known = asked.flow === undefined ? NONE : await knownFlows(asked.flow, { flows, store, archive })
      return readPerson(asked, { hashes, key, flows: [...flows.values()], known })
    },
  }
}

const NONE: ReadonlySet<string> = new Set()

/** A flow that left the config goes on in the store, and then in the archive. Looks no further than where `flow` is found. */
async function knownFlows(
  flow: string,
  { flows, store, archive }: Pick<ErasureDeps, 'flows' | 'store' | 'archive'>,
): Promise<ReadonlySet<string>> {
  const known = new Set(flows.keys())
  if (known.has(flow)) return known
  for (const stored of await store.flows()) known.add(stored)
  if (known.has(flow) || !archive) return known
  for await (const file of archive.files()) {
    known.add(file.flow)
    if (file.flow === flow) break
  }
  return known
}
