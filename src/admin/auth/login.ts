// Who is logged in: a cookie `id.secret` on their side, the id and the secret's hash on ours.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'
import { hashSecret, matchesSecret } from './secret.ts'

/** Somebody with a login. */
export type Visitor = { readonly name: string; readonly loginId: string }

/** Returns what the cookie has to say from now on. */
export async function openLogin({ store, clock, randomId }: LoginDeps, name: string): Promise<string> {
  const [id, secret, now] = [randomId(), randomId(), clock()]
  await putLogin(store, id, { name, secretHash: hashSecret(secret), seenAt: now })
  return `${id}.${secret}`
}

/** Undefined for a cookie that is missing, made up, ended or too old. */
export async function findVisitor({ store, clock }: LoginDeps, cookie: string | null): Promise<Visitor | undefined> {
  const [, id, secret] = /^([\w-]{1,64})\.([\w-]{1,64})$/.exec(cookie ?? '') ?? []
  if (id === undefined || secret === undefined) return undefined
  const now = clock()
  const login = stored.safeParse(await store.getDocument(KIND, id, now)).data
  if (!login || !matchesSecret(secret, login.secretHash)) return undefined

  if (now - login.seenAt >= RENEW_AFTER_MS) await putLogin(store, id, { ...login, seenAt: now })
  return { name: login.name, loginId: id }
}

export async function closeLogin({ store }: Pick<LoginDeps, 'store'>, visitor: Visitor): Promise<void> {
  await store.deleteDocuments(KIND, visitor.loginId)
}

type LoginDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

const KIND = 'login'
/** A login ends after a week without a visit. */
const LIFE_MS = 7 * 86_400_000
/** Being seen is written down at most once an hour: reading pages must not turn into writes. */
const RENEW_AFTER_MS = 3_600_000

const stored = z.object({ name: z.string(), secretHash: z.string(), seenAt: z.number() })

async function putLogin(store: AdminDeps['store'], id: string, value: z.output<typeof stored>): Promise<void> {
  await store.putDocument({ kind: KIND, key: id, value, expiresAt: value.seenAt + LIFE_MS }, { now: value.seenAt })
}
