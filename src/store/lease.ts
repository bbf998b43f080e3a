// A lease for work that one process at a time should do. It expires, so that nothing waits for a dead process.

import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Store } from './store.ts'

const holder = z.object({ host: z.string(), process: z.int(), since: z.int() })

export type Holder = z.infer<typeof holder>

export type Lease = {
  /** To be called at least every half minute. */
  renew(): Promise<void>
  release(): Promise<void>
}

export type Claim = { readonly ok: true; readonly lease: Lease } | { readonly ok: false; readonly holder: Holder }

type Surroundings = {
  readonly clock: Clock
  /** Whether the holder is known to have ended; then its lease is taken over at once. */
  isGone(holder: Holder): boolean
}

const LAPSES_AFTER_MS = 60_000

/** If two processes find a dead holder at the same moment, both may get the lease: use it only to save work. */
export async function claim(
  store: Pick<Store, 'getDocument' | 'putDocument' | 'deleteDocuments'>,
  work: string,
  me: Omit<Holder, 'since'>,
  { clock, isGone }: Surroundings,
): Promise<Claim> {
  const since = clock()
  let renewedAt = since
  const put = (onlyIfAbsent: boolean) => {
    const now = clock()
    renewedAt = now
    const document = { kind: work, key: LEASE, value: { ...me, since }, expiresAt: now + LAPSES_AFTER_MS }
    return store.putDocument(document, { now, onlyIfAbsent })
  }

  while (!(await put(true))) {
    const found = holder.safeParse(await store.getDocument(work, LEASE, clock()))
    if (found.success && !isGone(found.data)) return { ok: false, holder: found.data }
    await store.deleteDocuments(work, LEASE)
  }
  return {
    ok: true,
    lease: {
      async renew() {
        if (clock() - renewedAt > LAPSES_AFTER_MS / 4) await put(false)
      },
      async release() {
        await store.deleteDocuments(work, LEASE)
      },
    },
  }
}

const LEASE = 'lease'
