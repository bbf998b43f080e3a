// One-time links. One creates the first account, others set the password of an account. There is no default password.

import { z } from 'zod'
import { sha256 } from '../../lib/ids.ts'
import { DAY_MS } from '../../lib/units.ts'
import type { AdminDeps } from '../deps.ts'
import { type Account, addAccount, changeAccount, findAccount, listAccounts, type StoredAccount } from './accounts.ts'
import { matchesSecret } from './hashed-secret.ts'

type SetupDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

/**
 * A new link to the first account. It replaces the previous link and is valid for a day. Undefined once an account exists.
 * `base`: `https://host`.
 */
export async function setupLink(deps: SetupDeps, base: string): Promise<string | undefined> {
  if (await hasAccounts(deps)) return undefined
  return `${setupUrl(base)}?token=${await newToken(deps, FIRST_ACCOUNT)}`
}

/** A new link that sets this account's password. It is valid for a day, or until somebody ends all logins of the account. */
export async function passwordLink(deps: SetupDeps, account: StoredAccount, base: string): Promise<string> {
  const token = await newToken(deps, keyFor(account), account.epoch)
  return `${setupUrl(base)}?account=${encodeURIComponent(account.name)}&token=${token}`
}

/** What a valid link allows: to create the first account, or to set the password of `account`. */
export type Setup = { readonly key: string; readonly account?: StoredAccount }

/** Undefined if the link is forged, used, replaced or expired. `account`: the name in the link. */
export async function findSetup(deps: SetupDeps, token: string, account: string | null): Promise<Setup | undefined> {
  if (account === null) {
    if (!(await isValidToken(deps, FIRST_ACCOUNT, token)) || (await hasAccounts(deps))) return undefined
    return { key: FIRST_ACCOUNT }
  }
  const found = await findAccount(deps, account)
  if (!found || !(await isValidToken(deps, keyFor(found), token, found.epoch))) return undefined
  return { key: keyFor(found), account: found }
}

/** Uses up the link. Undefined if somebody else used it first. */
export async function completeSetup(
  deps: SetupDeps,
  { key, account }: Setup,
  { name, passwordHash }: Required<Pick<Account, 'name' | 'passwordHash'>>,
): Promise<StoredAccount | undefined> {
  // Of several concurrent calls, exactly one deletes the document.
  if ((await deps.store.deleteDocuments(KIND, key)) === 0) return undefined
  const epoch = deps.randomId()
  if (account)
    return changeAccount(deps, account.key, (present) =>
      present.epoch === account.epoch ? { ...present, passwordHash, epoch } : undefined,
    )
  return addAccount(deps, { name, passwordHash, epoch, madeAt: deps.clock() })
}

/** Makes the link to the first account invalid; with `account`, the link to that account's password. */
export async function dropSetup({ store }: Pick<SetupDeps, 'store'>, account?: StoredAccount): Promise<void> {
  await store.deleteDocuments(KIND, account ? keyFor(account) : FIRST_ACCOUNT)
}

export const hasAccounts = async (deps: SetupDeps): Promise<boolean> => (await listAccounts(deps)).length > 0

const KIND = 'setup'
const FIRST_ACCOUNT = 'link'
const keyFor = ({ key }: StoredAccount): string => `account ${key}`
const LIFE_MS = DAY_MS

const setupUrl = (base: string): string => `${base.replace(/\/+$/, '')}/admin/setup`

const stored = z.object({ secretHash: z.string(), epoch: z.string().optional() })

async function newToken({ store, clock, randomId }: SetupDeps, key: string, epoch?: string): Promise<string> {
  const [token, now] = [randomId(), clock()]
  const value = { secretHash: sha256(token), ...(epoch !== undefined && { epoch }) }
  await store.putDocument({ kind: KIND, key, value, expiresAt: now + LIFE_MS }, { now })
  return token
}

async function isValidToken({ store, clock }: SetupDeps, key: string, token: string, epoch?: string): Promise<boolean> {
  const setup = stored.safeParse(await store.getDocument(KIND, key, clock())).data
  return setup !== undefined && matchesSecret(token, setup.secretHash) && setup.epoch === epoch
}
