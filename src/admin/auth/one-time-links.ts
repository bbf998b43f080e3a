// The one-time links: to the first account, and to a new password for one that there is. There is no default password.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'
import { type Account, addAccount, changeAccount, findAccount, listAccounts, type StoredAccount } from './accounts.ts'
import { hashSecret, matchesSecret } from './hashed-secret.ts'

type SetupDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

/** A fresh link that replaces the former and holds for a day; undefined once an account exists. `base`: `https://host`. */
export async function setupLink(deps: SetupDeps, base: string): Promise<string | undefined> {
  if (await hasAccounts(deps)) return undefined
  return `${addressOf(base)}?token=${await newToken(deps, FIRST)}`
}

/** The same for a new password of this account. It holds until the account's logins are ended once more. */
export async function passwordLink(deps: SetupDeps, account: StoredAccount, base: string): Promise<string> {
  const token = await newToken(deps, keyFor(account), account.epoch)
  return `${addressOf(base)}?account=${encodeURIComponent(account.name)}&token=${token}`
}

/** What a link opens the door to. */
export type Setup = { readonly key: string; readonly account?: StoredAccount }

/** Undefined for a link that is made up, spent, replaced, or too old. `account`: the name in it. */
export async function findSetup(deps: SetupDeps, token: string, account: string | null): Promise<Setup | undefined> {
  if (account === null) {
    if (!(await isToken(deps, FIRST, token)) || (await hasAccounts(deps))) return undefined
    return { key: FIRST }
  }
  const found = await findAccount(deps, account)
  if (!found || !(await isToken(deps, keyFor(found), token, found.epoch))) return undefined
  return { key: keyFor(found), account: found }
}

/** Uses the link up. Undefined when somebody else was first. */
export async function completeSetup(
  deps: SetupDeps,
  { key, account }: Setup,
  { name, passwordHash }: Required<Pick<Account, 'name' | 'passwordHash'>>,
): Promise<StoredAccount | undefined> {
  // Of several at once exactly one deletes it.
  if ((await deps.store.deleteDocuments(KIND, key)) === 0) return undefined
  const epoch = deps.randomId()
  if (account)
    return changeAccount(deps, account.key, (present) =>
      present.epoch === account.epoch ? { ...present, passwordHash, epoch } : undefined,
    )
  return addAccount(deps, { name, passwordHash, epoch, madeAt: deps.clock() })
}

/** No link is good any more: to the first account, or to a password of this one. */
export async function dropSetup({ store }: Pick<SetupDeps, 'store'>, account?: StoredAccount): Promise<void> {
  await store.deleteDocuments(KIND, account ? keyFor(account) : FIRST)
}

export const hasAccounts = async (deps: SetupDeps): Promise<boolean> => (await listAccounts(deps)).length > 0

const KIND = 'setup'
const FIRST = 'link'
const keyFor = ({ key }: StoredAccount): string => `account ${key}`
const LIFE_MS = 86_400_000

const addressOf = (base: string): string => `${base.replace(/\/+$/, '')}/admin/setup`

const stored = z.object({ secretHash: z.string(), epoch: z.string().optional() })

async function newToken({ store, clock, randomId }: SetupDeps, key: string, epoch?: string): Promise<string> {
  const [token, now] = [randomId(), clock()]
  const value = { secretHash: hashSecret(token), ...(epoch !== undefined && { epoch }) }
  await store.putDocument({ kind: KIND, key, value, expiresAt: now + LIFE_MS }, { now })
  return token
}

async function isToken({ store, clock }: SetupDeps, key: string, token: string, epoch?: string): Promise<boolean> {
  const setup = stored.safeParse(await store.getDocument(KIND, key, clock())).data
  return setup !== undefined && matchesSecret(token, setup.secretHash) && setup.epoch === epoch
}
