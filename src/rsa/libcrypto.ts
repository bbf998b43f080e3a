// RSA-OAEP by the OpenSSL 3 of the machine, through its C functions. No length and no address that they get comes from a request.

import { dlopen, type Pointer, ptr } from 'bun:ffi'
import type { KeyObject } from 'node:crypto'
import { derOf, WRAPPED_BYTES } from '../wire/keys.ts'

/** OpenSSL's own place for a private key; valid on all threads of this process. */
export type NativeKey = Pointer

export type Libcrypto = {
  readonly version: string
  loadKey(key: KeyObject): NativeKey
  /** Not before every decryptor of it is closed. */
  freeKey(key: NativeKey): void
  /** For one thread. `slots`: whole slots, which stay where they are. */
  decryptor(key: NativeKey, slots: Uint8Array): Decryptor
}

export type Decryptor = {
  /** Decrypts the first half of a slot into the second. The length of the result, or -1. */
  decrypt(slot: number): number
  close(): void
}

/** A wrapped key, and beside it room for what it unwraps to. */
export const SLOT_BYTES = 2 * WRAPPED_BYTES

const LIBRARY = 'libcrypto.so.3'

const FUNCTIONS = {
  OPENSSL_init_crypto: { args: ['u64', 'ptr'], returns: 'i32' },
  OpenSSL_version: { args: ['i32'], returns: 'cstring' },
  ERR_clear_error: { args: [], returns: 'void' },
  d2i_AutoPrivateKey: { args: ['ptr', 'ptr', 'i64'], returns: 'ptr' },
  EVP_PKEY_free: { args: ['ptr'], returns: 'void' },
  EVP_PKEY_get_size: { args: ['ptr'], returns: 'i32' },
  EVP_PKEY_CTX_new: { args: ['ptr', 'ptr'], returns: 'ptr' },
  EVP_PKEY_CTX_free: { args: ['ptr'], returns: 'void' },
  EVP_PKEY_CTX_ctrl_str: { args: ['ptr', 'ptr', 'ptr'], returns: 'i32' },
  EVP_PKEY_decrypt_init: { args: ['ptr'], returns: 'i32' },
  EVP_PKEY_decrypt: { args: ['ptr', 'ptr', 'ptr', 'ptr', 'u64'], returns: 'i32' },
} as const

const OAEP = { rsa_padding_mode: 'oaep', rsa_oaep_md: 'sha256', rsa_mgf1_md: 'sha256' }

/** Without the machine's openssl.cnf, which can name other code; and left alone at the exit, when threads may still decrypt. */
const NO_LOAD_CONFIG = 0x80
const NO_ATEXIT = 0x80000
const VERSION_STRING = 6

/** Throws a sentence if the machine has none. */
export function openLibcrypto(library = LIBRARY): Libcrypto {
  const c = open(library)
  if (c.OPENSSL_init_crypto(NO_LOAD_CONFIG | NO_ATEXIT, null) !== 1) throw new Error(`${library} does not start`)

  return {
    version: String(c.OpenSSL_version(VERSION_STRING)),

    loadKey(key) {
      const der = derOf(key)
      try {
        // The functions move this pointer, not the bytes.
        const start = anchored(8)
        new DataView(start.buffer).setBigUint64(0, BigInt(ptr(der)), true)
        const loaded = c.d2i_AutoPrivateKey(null, ptr(start), der.length)
        if (loaded && c.EVP_PKEY_get_size(loaded) === WRAPPED_BYTES) return loaded as NativeKey
        if (loaded) c.EVP_PKEY_free(loaded)
        c.ERR_clear_error()
        throw new Error(`${library} does not load the key`)
      } finally {
        der.fill(0)
      }
    },

    freeKey: (key) => c.EVP_PKEY_free(key),

    decryptor(key, slots) {
      const context = c.EVP_PKEY_CTX_new(key, null)
      const isReady =
        context &&
        c.EVP_PKEY_decrypt_init(context) === 1 &&
        Object.entries(OAEP).every(([name, value]) => c.EVP_PKEY_CTX_ctrl_str(context, text(name), text(value)) === 1)
      if (!isReady) {
        c.EVP_PKEY_CTX_free(context)
        c.ERR_clear_error()
        throw new Error(`${library} does not do RSA-OAEP with SHA-256`)
      }

      const length = new BigUint64Array(anchored(8).buffer)
      const [lengthAt, slotsAt] = [ptr(length), ptr(slots)]
      let isOpen = true
      return {
        decrypt(slot) {
          const start = slot * SLOT_BYTES
          if (!isOpen || !Number.isInteger(slot) || start < 0 || start + SLOT_BYTES > slots.length)
            throw new RangeError('no such slot')
          const wrappedAt = (slotsAt + start) as Pointer
          length[0] = BigInt(WRAPPED_BYTES)
          const isDone = c.EVP_PKEY_decrypt(
            context,
            (wrappedAt + WRAPPED_BYTES) as Pointer,
            lengthAt,
            wrappedAt,
            WRAPPED_BYTES,
          )
          if (isDone === 1) return Number(length[0])
          c.ERR_clear_error()
          return -1
        },
        close() {
          if (isOpen) c.EVP_PKEY_CTX_free(context)
          isOpen = false
        },
      }
    },
  }
}

function open(library: string) {
  try {
    return dlopen(library, FUNCTIONS).symbols
  } catch {
    throw new Error(`${library} is not on this machine, or cannot be loaded`)
  }
}

/** Small arrays without a buffer of their own are moved by the engine once somebody asks for it; pointers to them would be wrong then. */
const anchored = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(new ArrayBuffer(bytes))

const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`)
