// The private keys, where they are used.

import type { KeyObject } from 'node:crypto'
import type { Log } from '../lib/log.ts'
import { type FlowKey, WRAPPED_BYTES, webCryptoKey } from '../wire/keys.ts'
import { chooseRsa, type Rsa, type RsaSetting } from './choose.ts'
import type { Libcrypto } from './libcrypto.ts'
import { createUnwrapThreads } from './threads.ts'

export type FlowKeys = {
  /** In the order given. */
  readonly keys: readonly FlowKey[]
  /** Idempotent. */
  close(): Promise<void>
}

/** Logs by whom they are used. Rejects with a sentence if the setting asks for what is not there. `keys`: one at least. */
export async function flowKeysBy(
  setting: RsaSetting,
  keys: readonly KeyObject[],
  log: Pick<Log, 'info'>,
): Promise<FlowKeys & Pick<Rsa, 'by'>> {
  const rsa = chooseRsa(setting, keys[0] as KeyObject)
  if ('missing' in rsa) throw new Error(`${rsa.missing}; ${rsa.fix}`)
  log.info({ rsa: rsa.by }, `RSA is done ${rsa.because}`)
  return { ...(await openFlowKeys(rsa, keys)), by: rsa.by }
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
