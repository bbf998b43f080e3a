// Who is logged in: a cookie `id.secret` on their side, the id and the secret's hash on ours.

import { z } from 'zod'
import { DAY_MS, HOUR_MS } from '../../lib/units.ts'
import type { AdminDeps } from '../deps.ts'
import { accountAt, type StoredAccount } from './accounts.ts'
import { hashSecret, matchesSecret, newTicket, readTicket, showTicket } from './hashed-secret.ts'

/** Somebody with a login. */
export type LoggedInAccount = { readonly name: string; readonly account: StoredAccount; readonly loginId: string }

/** Returns what the cookie has to say from now on. */
export async function openLogin({ store, clock, randomId }: LoginDeps, account: StoredAccount): Promise<string> {
  const [ticket, now] = [newTicket(randomId), clock()]
  const login = {
    account: account.key,
    epoch: epochOf(account),
    secretHash: hashSecret(ticket.secret),
    openedAt: now,
    seenAt: now,
  }
  await store.putDocument(documentOf(ticket.id, login), { now })
  return showTicket(ticket)
}

/** Undefined for a cookie that is missing, made up, ended or too old, and when the account is gone or all its logins were ended. */
export async function findLoggedIn(deps: LoginDeps, cookie: string | null): Promise<LoggedInAccount | undefined> {
  const ticket = readTicket(cookie)
  if (!ticket) return undefined
  const now = deps.clock()
  const value = await deps.store.getDocument(KIND, ticket.id, now)
  const login = stored.safeParse(value).data
  if (value === undefined || !login || !matchesSecret(ticket.secret, login.secretHash)) return undefined
  const account = await accountAt(deps, login.account)
  if (!account || epochOf(account) !== login.epoch) return undefined

  // Only over what was read: a login that is ended at this moment must not come back.
  if (now - login.seenAt >= RENEW_AFTER_MS)
    await deps.store.putDocument(documentOf(ticket.id, { ...login, seenAt: now }), { now, onlyIf: value })
  return { name: account.name, account, loginId: ticket.id }
}

export async function closeLogin({ store }: Pick<LoginDeps, 'store'>, visitor: LoggedInAccount): Promise<void> {
  await store.deleteDocuments(KIND, visitor.loginId)
}

/** How many are logged in to each account, by its key. */
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
/** A login ends after a week without a visit, */
const LIFE_MS = 7 * DAY_MS
/** and after a month however often it was used. */
const LONGEST_LIFE_MS = 30 * DAY_MS
/** Being seen is written down at most once an hour: reading pages must not turn into writes. */
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
  expiresAt: Math.min(value.seenAt + LIFE_MS, value.openedAt + LONGEST_LIFE_MS),
})
