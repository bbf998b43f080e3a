// Logins. The browser holds a cookie `id.secret`, the store the id and the secret's hash.

import { z } from 'zod'
import { sha256 } from '../../lib/ids.ts'
import { DAY_MS, HOUR_MS } from '../../lib/units.ts'
import type { AdminDeps } from '../deps.ts'
import { accountAt, type StoredAccount } from './accounts.ts'
import { formatTicket, matchesSecret, newTicket, parseTicket } from './hashed-secret.ts'

export type LoggedInAccount = { readonly name: string; readonly account: StoredAccount; readonly loginId: string }

/** Returns the value of the login cookie. */
export async function openLogin({ store, clock, randomId }: LoginDeps, account: StoredAccount): Promise<string> {
  const [ticket, now] = [newTicket(randomId), clock()]
  const login = {
    account: account.key,
    epoch: epochOf(account),
    secretHash: sha256(ticket.secret),
    openedAt: now,
    seenAt: now,
  }
  await store.putDocument(documentOf(ticket.id, login), { now })
  return formatTicket(ticket)
}

/** Undefined if the cookie is missing, forged or expired, the login has ended, or the account no longer exists. */
export async function findLoggedIn(deps: LoginDeps, cookie: string | null): Promise<LoggedInAccount | undefined> {
  const ticket = parseTicket(cookie)
  if (!ticket) return undefined
  const now = deps.clock()
  const value = await deps.store.getDocument(KIND, ticket.id, now)
  const login = stored.safeParse(value).data
  if (value === undefined || !login || !matchesSecret(ticket.secret, login.secretHash)) return undefined
  const account = await accountAt(deps, login.account)
  if (!account || epochOf(account) !== login.epoch) return undefined

  // Conditional on the value read above, so that a login that ends meanwhile stays ended.
  if (now - login.seenAt >= RENEW_AFTER_MS)
    await deps.store.putDocument(documentOf(ticket.id, { ...login, seenAt: now }), { now, onlyIf: value })
  return { name: account.name, account, loginId: ticket.id }
}

export async function closeLogin({ store }: Pick<LoginDeps, 'store'>, user: LoggedInAccount): Promise<void> {
  await store.deleteDocuments(KIND, user.loginId)
}

/** Current logins of each account, by the account's key. */
export async function countLogins(
  { store, clock }: LoginDeps,
  accounts: readonly StoredAccount[],
): Promise<ReadonlyMap<string, number>> {
  const epochs = new Map(accounts.map((account) => [account.key, epochOf(account)]))
  const logins = (await store.documents(KIND, clock())).map(({ value }) => stored.safeParse(value).data)
  const counts = new Map<string, number>()
  for (const login of logins)
    if (login && epochs.get(login.account) === login.epoch)
      counts.set(login.account, (counts.get(login.account) ?? 0) + 1)
  return counts
}

type LoginDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

const KIND = 'login'
/** A login ends after a week without a request. */
const IDLE_LIFE_MS = 7 * DAY_MS
/** A login ends after a month, even if in use. */
const MAX_LIFE_MS = 30 * DAY_MS
/** `seenAt` is updated at most once an hour, so that most page views write nothing. */
const RENEW_AFTER_MS = HOUR_MS

const stored = z.object({
  account: z.string(),
  epoch: z.string(),
  secretHash: z.string(),
  openedAt: z.number(),
  seenAt: z.number(),
})

const epochOf = ({ epoch = '' }: StoredAccount): string => epoch

const documentOf = (key: string, value: z.output<typeof stored>) => ({
  kind: KIND,
  key,
  value,
  expiresAt: Math.min(value.seenAt + IDLE_LIFE_MS, value.openedAt + MAX_LIFE_MS),
})
