// The one-time link through which the first account is made. There is no default password.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'
import { createAccount, findAccount } from './account.ts'
import { hashSecret, matchesSecret } from './secret.ts'

type SetupDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

/** A fresh link that replaces the former and holds for a day; undefined once an account exists. `base`: `https://host`. */
export async function setupLink(deps: SetupDeps, base: string): Promise<string | undefined> {
  if (await findAccount(deps)) return undefined
  const secret = deps.randomId()
  const now = deps.clock()
  const document = { kind: KIND, key: KEY, value: { secretHash: hashSecret(secret) }, expiresAt: now + LIFE_MS }
  await deps.store.putDocument(document, { now })
  return `${base.replace(/\/+$/, '')}/admin/setup?token=${secret}`
}

export async function isSetupToken({ store, clock }: SetupDeps, token: string): Promise<boolean> {
  const setup = stored.safeParse(await store.getDocument(KIND, KEY, clock())).data
  return setup !== undefined && matchesSecret(token, setup.secretHash)
}

/** Makes the account and uses the link up. False when somebody else was first. */
export async function completeSetup(deps: SetupDeps, name: string, password: string): Promise<boolean> {
  const isFirst = await createAccount(deps, name, password)
  if (isFirst) await deps.store.deleteDocuments(KIND)
  return isFirst
}

const KIND = 'setup'
const KEY = 'link'
const LIFE_MS = 86_400_000

const stored = z.object({ secretHash: z.string() })
