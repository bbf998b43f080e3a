// The private keys, where they are used.

import type { KeyObject } from 'node:crypto'
import { type FlowKey, WRAPPED_BYTES, webCryptoKey } from '../wire/keys.ts'
import type { Rsa } from './choose.ts'
import type { Libcrypto } from './libcrypto.ts'
import { createUnwrapThreads } from './threads.ts'

export type FlowKeys = {
  /** In the order given. */
  readonly keys: readonly FlowKey[]
  /** Idempotent. */
  close(): Promise<void>
}

export async function openFlowKeys(rsa: Rsa, keys: readonly KeyObject[]): Promise<FlowKeys> {
  if (rsa.by === 'openssl') return opensslKeys(rsa.libcrypto, keys)
  return { keys: await Promise.all(keys.map(webCryptoKey)), async close() {} }
}

export function opensslKeys(
  { loadKey, freeKey }: Libcrypto,
  keys: readonly KeyObject[],
  createThreads = createUnwrapThreads,
): FlowKeys {
  const loaded = keys.map(loadKey)
  const threads = createThreads(loaded)
  const close = async () => {
    await threads.close()
    for (const key of loaded) freeKey(key)
  }
  let closing: Promise<void> | undefined
  return {
    keys: loaded.map((_, key) => ({
      async unwrap(wrapped) {
        return wrapped.length === WRAPPED_BYTES ? threads.unwrap(key, wrapped) : undefined
      },
    })),
    close: () => (closing ??= close()),
  }
}
