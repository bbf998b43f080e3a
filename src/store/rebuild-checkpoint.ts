// The progress of a rebuild. It is in the store itself, so that the next run finds it from any machine.

import { z } from 'zod'
import { sha256 } from '../lib/ids.ts'
import { canonical, type Json } from '../lib/json.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { Store } from './store.ts'

const place = z.object({
  /** See `fingerprintOf`. */
  rules: z.string(),
  trails: z.int(),
  events: z.int(),
  sessions: z.int(),
  changed: z.int(),
  /** Of all runs so far. */
  tookMs: z.number(),
  after: z.string(),
})

export type Checkpoint = z.infer<typeof place>

/** The kind of all documents of a rebuild. */
export const REBUILD = 'rebuild'

export async function readCheckpoint(store: Store, now: number): Promise<Checkpoint | undefined> {
  const found = place.safeParse(await store.getDocument(REBUILD, PLACE, now))
  return found.success ? found.data : undefined
}

export async function saveCheckpoint(store: Store, value: Checkpoint, now: number): Promise<void> {
  await store.putDocument({ kind: REBUILD, key: PLACE, value }, { now })
}

export async function deleteCheckpoint(store: Store): Promise<void> {
  await store.deleteDocuments(REBUILD, PLACE)
}

/** Equal while the same events give the same sessions. A new version may derive them in another way. */
export const rulesFingerprint = (rules: SessionRulebook, version: string): string =>
  sha256(canonical([version, rules as unknown as Json]))

const PLACE = 'place'
