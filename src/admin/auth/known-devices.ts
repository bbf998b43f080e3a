// The browsers that have logged in to an account before: a cookie `id.secret` on their side, the id and the secret's hash on
// ours. Knowing a browser lets nobody in. It spares its owner what is done against strangers who guess passwords.

import { z } from 'zod'
import type { AdminDeps } from '../deps.ts'
import { hashSecret, matchesSecret, newTicket, readTicket, showTicket, type Ticket } from './hashed-secret.ts'

type DeviceDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

/** `account`: its name. The id of the browser with this cookie; undefined for one that has not logged in to this account. */
export async function findDevice(
  deps: DeviceDeps,
  account: string,
  cookie: string | null,
): Promise<string | undefined> {
  const ticket = readTicket(cookie)
  return ticket && (await devicesOf(deps, account)).find((device) => isOf(device, ticket))?.id
}

/** Returns what the browser's cookie has to say from now on. */
export async function rememberDevice(deps: DeviceDeps, account: string, cookie: string | null): Promise<string> {
  const devices = await devicesOf(deps, account)
  const given = readTicket(cookie)
  const known = given && devices.find((device) => isOf(device, given))
  const ticket = given && known ? given : newTicket(deps.randomId)
  const device = { id: ticket.id, secretHash: hashSecret(ticket.secret), usedAt: deps.clock() }
  await putDevices(deps, account, [device, ...devices.filter(({ id }) => id !== device.id)])
  return showTicket(ticket)
}

/** Forgets all of the account, but for this one. */
export async function forgetDevices(deps: DeviceDeps, account: string, exceptId?: string): Promise<void> {
  const kept = exceptId === undefined ? [] : (await devicesOf(deps, account)).filter(({ id }) => id === exceptId)
  if (kept.length > 0) await putDevices(deps, account, kept)
  else await deps.store.deleteDocuments(KIND, account)
}

const KIND = 'devices'
/** Of an account; the ones that were used last. */
const MOST = 20
const LIFE_MS = 180 * 86_400_000

const stored = z.array(z.object({ id: z.string(), secretHash: z.string(), usedAt: z.number() }))

type Device = z.output<typeof stored>[number]

const isOf = ({ id, secretHash }: Device, ticket: Ticket): boolean =>
  id === ticket.id && matchesSecret(ticket.secret, secretHash)

async function devicesOf({ store, clock }: DeviceDeps, account: string): Promise<readonly Device[]> {
  const now = clock()
  const devices = stored.safeParse(await store.getDocument(KIND, account, now)).data ?? []
  return devices.filter(({ usedAt }) => now - usedAt < LIFE_MS)
}

async function putDevices({ store, clock }: DeviceDeps, account: string, devices: readonly Device[]): Promise<void> {
  const now = clock()
  await store.putDocument(
    { kind: KIND, key: account, value: devices.slice(0, MOST), expiresAt: now + LIFE_MS },
    { now },
  )
}
