// The accounts of the people who run this server. The first is made through the setup link, others by `screentrail account`.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'

export type Account = {
  readonly name: string
  /** Absent until the person has chosen one through their link. */
  readonly passwordHash?: string | undefined
  /** A login holds as long as this is what it was when the login began. */
  readonly epoch?: string | undefined
  readonly madeAt?: number | undefined
}

/** `key`: where the store has it. */
export type StoredAccount = Account & { readonly key: string }

export type AccountDeps = Pick<AdminDeps, 'store' | 'clock'>

/** One spelling for a name however it was typed. */
export const nameKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

export async function listAccounts({ store, clock }: AccountDeps): Promise<readonly StoredAccount[]> {
  return (await store.documents(KIND, clock())).map(({ key, value }) => ({ ...stored.parse(value), key }))
}

export async function findAccount(deps: AccountDeps, name: string): Promise<StoredAccount | undefined> {
  // Both are always asked for, so that the time it takes does not tell which names there are.
  const found = await Promise.all([nameKey(name), SOLE_KEY].map((key) => accountAt(deps, key)))
  return found.find((account) => account?.name === nameKey(name))
}

export async function accountAt({ store, clock }: AccountDeps, key: string): Promise<StoredAccount | undefined> {
  const value = await store.getDocument(KIND, key, clock())
  return value === undefined ? undefined : { ...stored.parse(value), key }
}

/** Undefined when there is one of this name: of two at once exactly one is made. */
export async function addAccount(deps: AccountDeps, account: Account): Promise<StoredAccount | undefined> {
  if (await findAccount(deps, account.name)) return undefined
  const made = { ...account, name: nameKey(account.name) }
  const document = { kind: KIND, key: made.name, value: asJson(made) }
  const isMade = await deps.store.putDocument(document, { now: deps.clock(), onlyIfAbsent: true })
  return isMade ? { ...made, key: document.key } : undefined
}

/**
 * Changes the account as it is at that moment, whoever else changes it. `change` may refuse, as when it is no longer what was
 * looked at. Undefined when it did, and when the account is gone: a change never brings back one that was removed.
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

/** Where earlier versions had their only account, whatever its name. */
const SOLE_KEY = 'owner'

const stored = z.object({
  name: z.string(),
  passwordHash: z.string().optional(),
  epoch: z.string().optional(),
  madeAt: z.number().optional(),
})

const asJson = ({ name, passwordHash, epoch, madeAt }: Account) => ({
  name,
  ...(passwordHash !== undefined && { passwordHash }),
  ...(epoch !== undefined && { epoch }),
  ...(madeAt !== undefined && { madeAt }),
})
