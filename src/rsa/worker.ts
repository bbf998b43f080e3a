// A thread that unwraps keys. Wrapped and unwrapped ones lie in memory that it shares with the main thread.

import { serveCalls } from '../lib/worker.ts'
import { type Decryptor, type NativeKey, openLibcrypto } from './libcrypto.ts'

let decryptors: readonly Decryptor[] = []

const calls = {
  open(keys: readonly NativeKey[], shared: SharedArrayBuffer): void {
    const { decryptor } = openLibcrypto()
    const slots = new Uint8Array(shared)
    decryptors = keys.map((key) => decryptor(key, slots))
  },
  /** The length of what is then in the second half of the slot, or -1. `key`: its index. */
  unwrap(key: number, slot: number): number {
    const decryptor = decryptors[key]
    if (!decryptor) throw new RangeError('no such key')
    return decryptor.decrypt(slot)
  },
  close(): void {
    for (const decryptor of decryptors) decryptor.close()
  },
}

export type UnwrapCalls = typeof calls

// Each answer leaves at once, so that the main thread goes on with it while the next is worked out.
serveCalls(calls, 0)
