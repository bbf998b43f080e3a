// The account of the person who runs this server: one, made through the setup link.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'
import { hashPassword, verifyPassword } from './password.ts'

export type Account = { readonly name: string; readonly passwordHash: string }

export async function findAccount({ store, clock }: AccountDeps): Promise<Account | undefined> {
  const value = await store.getDocument(KIND, KEY, clock())
  return value === undefined ? undefined : stored.parse(value)
}

/** False when an account is there already: of two at once exactly one is made. */
export async function createAccount(deps: AccountDeps, name: string, password: string): Promise<boolean> {
  const value = { name: nameKey(name), passwordHash: await hashPassword(password) }
  return deps.store.putDocument({ kind: KIND, key: KEY, value }, { now: deps.clock(), onlyIfAbsent: true })
}

/** The account when both are right. A wrong name takes as long as a wrong password. */
export async function authenticate(deps: AccountDeps, name: string, password: string): Promise<Account | undefined> {
  const account = await findAccount(deps)
  const isNamed = account?.name === nameKey(name)
  const isRight = await verifyPassword(password, isNamed ? account?.passwordHash : undefined)
  return isNamed && isRight ? account : undefined
}

/** One spelling for a name however it was typed. */
export const nameKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

type AccountDeps = Pick<AdminDeps, 'store' | 'clock'>

const KIND = 'account'
const KEY = 'owner'

const stored = z.object({ name: z.string(), passwordHash: z.string() })
