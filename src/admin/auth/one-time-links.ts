// One-time links. One creates the first account, others set the password of an account. There is no default password.

import { z } from 'zod'
import { sha256 } from '../../lib/ids.ts'
import type { Json } from '../../lib/json.ts'
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

/** What a valid link allows: to create the first account, or to set the password of `account`. `link`: as it is stored. */
export type Setup = { readonly key: string; readonly link: Json; readonly account?: StoredAccount }

/** Undefined if the link is forged, used, replaced or expired. `account`: the name in the link. */
export async function findSetup(deps: SetupDeps, token: string, account: string | null): Promise<Setup | undefined> {
  if (account === null) {
    const link = await findLink(deps, FIRST_ACCOUNT, token)
    return link === undefined || (await hasAccounts(deps)) ? undefined : { key: FIRST_ACCOUNT, link }
  }
  const found = await findAccount(deps, account)
  if (!found) return undefined
  const link = await findLink(deps, keyFor(found), token, found.epoch)
  return link === undefined ? undefined : { key: keyFor(found), link, account: found }
}

/** Uses up the link. Undefined if it was used, replaced or expired since it was found. */
export async function completeSetup(
  deps: SetupDeps,
  { key, link, account }: Setup,
  { name, passwordHash }: Required<Pick<Account, 'name' | 'passwordHash'>>,
): Promise<StoredAccount | undefined> {
  const now = deps.clock()
  // Deletes the document, by replacing it with an expired one; of several concurrent calls, exactly one does.
  if (!(await deps.store.putDocument({ kind: KIND, key, value: null, expiresAt: now }, { now, onlyIf: link })))
    return undefined
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

/** Undefined if the token is not that of the newest link. */
async function findLink(
  { store, clock }: SetupDeps,
  key: string,
  token: string,
  epoch?: string,
): Promise<Json | undefined> {
  const link = await store.getDocument(KIND, key, clock())
  const { data } = stored.safeParse(link)
  return data !== undefined && matchesSecret(token, data.secretHash) && data.epoch === epoch ? link : undefined
}
