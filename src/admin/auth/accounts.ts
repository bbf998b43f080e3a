// The accounts of the people who run this server. The setup link creates the first, `screentrail account` the others.

import { z } from 'zod'
import type { JsonObject } from '../../lib/json.ts'
import { normalForm } from '../../lib/text.ts'
import type { AdminDeps } from '../deps.ts'

export const THEMES = ['light', 'dark'] as const

const stored = z.object({
  name: z.string(),
  /** Absent until the person chooses a password through their one-time link. */
  passwordHash: z.string().optional(),
  /** A login is valid only while this has the value it had when the login began. */
  epoch: z.string().optional(),
  madeAt: z.number().optional(),
  /** Absent: as the system says. */
  theme: z.enum(THEMES).optional(),
  hasKeys: z.boolean().optional(),
})

export type Account = Readonly<z.output<typeof stored>>

/** `key`: its key in the store. */
export type StoredAccount = Account & { readonly key: string }

export type AccountDeps = Pick<AdminDeps, 'store' | 'clock'>

/** Normalises a name, so that spellings that look alike are equal. */
export const nameKey = (name: string): string => normalForm('NFKC', name).trim().toLowerCase()

export async function listAccounts({ store, clock }: AccountDeps): Promise<readonly StoredAccount[]> {
  return (await store.documents(KIND, clock())).map(({ key, value }) => ({ ...stored.parse(value), key }))
}

export async function findAccount(deps: AccountDeps, name: string): Promise<StoredAccount | undefined> {
  // Always reads both keys, so that the time taken does not reveal which names exist.
  const found = await Promise.all([nameKey(name), LEGACY_KEY].map((key) => accountAt(deps, key)))
  return found.find((account) => account?.name === nameKey(name))
}

export async function accountAt({ store, clock }: AccountDeps, key: string): Promise<StoredAccount | undefined> {
  const value = await store.getDocument(KIND, key, clock())
  return value === undefined ? undefined : { ...stored.parse(value), key }
}

/** Undefined if the name is taken. Of two concurrent calls, exactly one succeeds. */
export async function addAccount(deps: AccountDeps, account: Account): Promise<StoredAccount | undefined> {
  if (await findAccount(deps, account.name)) return undefined
  const added = { ...account, name: nameKey(account.name) }
  const document = { kind: KIND, key: added.name, value: asJson(added) }
  const isAdded = await deps.store.putDocument(document, { now: deps.clock(), onlyIfAbsent: true })
  return isAdded ? { ...added, key: document.key } : undefined
}

/**
 * Applies `change` to the stored account, and again if another process writes the account meanwhile. Undefined if `change`
 * refuses by returning undefined, or if the account does not exist: a change never restores a removed account.
 */
export async function changeAccount(
  { store, clock }: AccountDeps,
  key: string,
  change: (account: Account) => Account | undefined,
): Promise<StoredAccount | undefined> {
  for (;;) {
    const now = clock()
    const value = await store.getDocument(KIND, key, now)
    const changed = value === undefined ? undefined : change(stored.parse(value))
    if (value === undefined || !changed) return undefined
    if (await store.putDocument({ kind: KIND, key, value: asJson(changed) }, { now, onlyIf: value }))
      return { ...changed, key }
  }
}

export async function removeAccount({ store }: Pick<AccountDeps, 'store'>, key: string): Promise<boolean> {
  return (await store.deleteDocuments(KIND, key)) > 0
}

const KIND = 'account'

/** Earlier versions stored their only account under this key, whatever its name. */
const LEGACY_KEY = 'owner'

const asJson = (account: Account): JsonObject =>
  Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined)) as JsonObject
