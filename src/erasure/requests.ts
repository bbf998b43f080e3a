// What was asked to be erased, and what became of it. The store keeps it, so that any process can do the work, and go on with it.

import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Json } from '../lib/json.ts'
import { DAY_MS } from '../lib/units.ts'
import { ERASURE } from '../store/removals.ts'
import type { Store } from '../store/store.ts'
import type { Person } from './person.ts'

const token = z.object({ flow: z.string(), token: z.string() })

const counts = z.object({
  events: z.int(),
  sessions: z.int(),
  /** Files of the archive that were written anew or removed. */
  files: z.int(),
  /** Instants of the first and the last event or session in hours whose numbers are frozen. */
  frozen: z.object({ from: z.int(), until: z.int() }).optional(),
})

const result = counts.extend({
  /** Backups that were made before, by name. */
  backups: z.array(z.string()),
})

const pending = z.object({
  state: z.literal('pending'),
  id: z.string(),
  /** Up to when, milliseconds since the epoch. */
  at: z.int(),
  by: z.string(),
  flow: z.string().optional(),
  hashes: z.array(z.string()),
  tokens: z.array(z.string()),
  isSearched: z.boolean(),
  /** What was found to be theirs; without tokens that tell of a person by themselves, which are among the hashes. */
  trails: z.array(token),
  /** When the last tombstone of it was written. */
  buriedAt: z.int().optional(),
  /** So far, by all runs; what the last one did before it was killed may not be counted. */
  done: counts,
})

const done = z.object({
  state: z.literal('done'),
  id: z.string(),
  at: z.int(),
  by: z.string(),
  endedAt: z.int(),
  result,
})

const shape = z.discriminatedUnion('state', [pending, done])

export type ErasureCounts = Readonly<z.infer<typeof counts>>
export type ErasureResult = Readonly<z.infer<typeof result>>
export type PendingErasure = Readonly<z.infer<typeof pending>>
export type DoneErasure = Readonly<z.infer<typeof done>>
export type Erasure = PendingErasure | DoneErasure

type Documents = Pick<Store, 'documents' | 'putDocument'>

export type ErasureRequests = ReturnType<typeof erasureRequests>

export function erasureRequests(store: Documents, clock: Clock) {
  const put = async (erasure: Erasure, expiresAt?: number): Promise<void> => {
    const value = erasure as unknown as Json
    const document = { kind: ERASURE, key: keyOf(erasure), value, ...(expiresAt !== undefined && { expiresAt }) }
    await store.putDocument(document, { now: clock() })
  }
  return {
    /** `at`: now, unless it goes on with an earlier one. Resolves when the store has it. */
    async add({ id, hashes, tokens, flow, isSearched }: Person, by: string, at = clock()): Promise<PendingErasure> {
      const about = { hashes: [...hashes], tokens: [...tokens], isSearched, trails: [], done: NOTHING }
      const erasure = { state: 'pending', id, at, by, ...about, ...(flow !== undefined && { flow }) } as const
      await put(erasure)
      return erasure
    },

    /** Oldest first. */
    async list(): Promise<readonly Erasure[]> {
      const found = await store.documents(ERASURE, clock())
      return found.map(({ value }) => shape.parse(value)).toSorted((a, b) => a.at - b.at)
    },

    keep: (erasure: PendingErasure) => put(erasure),

    /** What it takes to find the person goes with this. */
    finish: ({ id, at, by }: PendingErasure, result: ErasureResult) =>
      put({ state: 'done', id, at, by, endedAt: clock(), result }, clock() + RESULT_KEPT_MS),
  }
}

const NOTHING: ErasureCounts = { events: 0, sessions: 0, files: 0 }

const RESULT_KEPT_MS = 400 * DAY_MS

const keyOf = ({ id, at }: Pick<Erasure, 'id' | 'at'>): string => `${at} ${id}`
