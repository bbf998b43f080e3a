// The browsers that have logged in to an account before. The browser holds a cookie `id.secret`, the store the id and the
// secret's hash. A known browser still needs the password, but has its own rate limit, which strangers cannot use up.

import { z } from 'zod'
import { sha256 } from '../../lib/ids.ts'
import { DAY_MS } from '../../lib/units.ts'
import type { AdminDeps } from '../deps.ts'
import { formatTicket, matchesSecret, newTicket, parseTicket, type Ticket } from './hashed-secret.ts'

type DeviceDeps = Pick<AdminDeps, 'store' | 'clock' | 'randomId'>

/** The id of the browser with this cookie; undefined if it has not logged in to the account with this name. */
export async function findDevice(
  deps: DeviceDeps,
  account: string,
  cookie: string | null,
): Promise<string | undefined> {
  const ticket = parseTicket(cookie)
  return ticket && (await devicesOf(deps, account)).find((device) => matchesTicket(device, ticket))?.id
}

/** Returns the new value of the browser's cookie. */
export async function rememberDevice(deps: DeviceDeps, account: string, cookie: string | null): Promise<string> {
  const devices = await devicesOf(deps, account)
  const sent = parseTicket(cookie)
  const isKnown = sent !== undefined && devices.some((device) => matchesTicket(device, sent))
  const ticket = isKnown ? sent : newTicket(deps.randomId)
  const device = { id: ticket.id, secretHash: sha256(ticket.secret), usedAt: deps.clock() }
  await putDevices(deps, account, [device, ...devices.filter(({ id }) => id !== device.id)])
  return formatTicket(ticket)
}

/** Forgets the account's browsers, except this one. */
export async function forgetDevices(deps: DeviceDeps, account: string, exceptId?: string): Promise<void> {
  const kept = exceptId === undefined ? [] : (await devicesOf(deps, account)).filter(({ id }) => id === exceptId)
  if (kept.length > 0) await putDevices(deps, account, kept)
  else await deps.store.deleteDocuments(KIND, account)
}

const KIND = 'devices'
/** Per account; the most recently used ones stay. */
const MAX_DEVICES = 20
const LIFE_MS = 180 * DAY_MS

const stored = z.array(z.object({ id: z.string(), secretHash: z.string(), usedAt: z.number() }))

type Device = z.output<typeof stored>[number]

const matchesTicket = ({ id, secretHash }: Device, ticket: Ticket): boolean =>
  id === ticket.id && matchesSecret(ticket.secret, secretHash)

async function devicesOf({ store, clock }: DeviceDeps, account: string): Promise<readonly Device[]> {
  const now = clock()
  const devices = stored.safeParse(await store.getDocument(KIND, account, now)).data ?? []
  return devices.filter(({ usedAt }) => now - usedAt < LIFE_MS)
}

async function putDevices({ store, clock }: DeviceDeps, account: string, devices: readonly Device[]): Promise<void> {
  const now = clock()
  await store.putDocument(
    { kind: KIND, key: account, value: devices.slice(0, MAX_DEVICES), expiresAt: now + LIFE_MS },
    { now },
  )
}
