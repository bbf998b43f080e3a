// What a store keeps that explains why it has no events.

import type { AuditKind } from './audit-kinds.ts'
import { FROZEN } from './frozen.ts'

/** The kind of the documents that say what was asked to be erased. */
export const ERASURE = 'erasure'

/** Documents of these kinds are there as soon as retention or an erasure removes anything. */
export const REMOVAL_DOCUMENTS: readonly string[] = [FROZEN.kind, ERASURE]

/** Entries of these kinds outlive the documents. What a restore brings back can be erased again at once. */
export const REMOVAL_AUDITS: readonly AuditKind[] = ['person_erased', 'backup_restored']
