// By whom the private keys are used: by the machine's OpenSSL where that is quicker, else by Bun itself.

import {
  constants,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { WRAPPED_BYTES } from '../wire/keys.ts'
import { type Libcrypto, openLibcrypto, SLOT_BYTES } from './libcrypto.ts'

export type RsaSetting = 'auto' | 'openssl' | 'webcrypto'

export type Rsa = { /** The end of a sentence that begins with RSA. */ readonly because: string } & (
  | { readonly by: 'openssl'; readonly libcrypto: Libcrypto }
  | { readonly by: 'webcrypto' }
)

/** What the setting asks for is not there. */
export type RsaMissing = { readonly missing: string; readonly fix: string }

/** Takes some milliseconds, in which both show with the key what they can. */
export function chooseRsa(setting: RsaSetting, key: KeyObject, open = openLibcrypto): Rsa | RsaMissing {
  if (setting === 'webcrypto') return { by: 'webcrypto', because: 'by WebCrypto, as meta.rsa says' }

  const found = tryOpenssl(key, open)
  if ('problem' in found) {
    if (setting === 'auto') return { by: 'webcrypto', because: `by WebCrypto: ${found.problem}` }
    return { missing: `meta.rsa asks for OpenSSL, but ${found.problem}`, fix: INSTALL }
  }

  const { libcrypto, ms } = found
  const openssl = `OpenSSL ${libcrypto.version}`
  if (setting === 'openssl') return { by: 'openssl', libcrypto, because: `by ${openssl}, as meta.rsa says` }
  const webCryptoMs = tryWebCrypto(key)
  return ms < webCryptoMs * WORTHWHILE
    ? { by: 'openssl', libcrypto, because: compared(openssl, ms, 'WebCrypto', webCryptoMs) }
    : { by: 'webcrypto', because: compared('WebCrypto', webCryptoMs, openssl, ms) }
}

const compared = (chosen: string, ms: number, other: string, otherMs: number): string =>
  `by ${chosen}, in ${ms.toFixed(2)} ms a key; ${other} takes ${otherMs.toFixed(2)} ms`

const INSTALL = 'install it (on Debian and Ubuntu the package libssl3), or write `rsa: auto`'

/** Threads of our own cost memory, so a few percent are not worth them. */
const WORTHWHILE = 0.8

/** The shortest of so many counts, as others may use the processor, too. */
const TRIES = 5

const OAEP = { oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }

function tryOpenssl(
  key: KeyObject,
  open: typeof openLibcrypto,
): { readonly libcrypto: Libcrypto; readonly ms: number } | { readonly problem: string } {
  try {
    const libcrypto = open()
    const slot = new Uint8Array(new ArrayBuffer(SLOT_BYTES))
    const native = libcrypto.loadKey(key)
    try {
      const decryptor = libcrypto.decryptor(native, slot)
      const ms = shortest(key, (wrapped) => {
        slot.set(wrapped)
        return slot.subarray(WRAPPED_BYTES, WRAPPED_BYTES + decryptor.decrypt(0))
      })
      decryptor.close()
      return { libcrypto, ms }
    } finally {
      libcrypto.freeKey(native)
    }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

/** On this thread; WebCrypto does the same on others. */
const tryWebCrypto = (key: KeyObject): number => shortest(key, (wrapped) => privateDecrypt({ key, ...OAEP }, wrapped))

function shortest(key: KeyObject, unwrap: (wrapped: Buffer) => Uint8Array): number {
  const secret = randomBytes(16)
  const wrapped = publicEncrypt({ key: createPublicKey(key), ...OAEP }, secret)
  return Math.min(
    ...Array.from({ length: TRIES }, () => {
      const started = performance.now()
      const unwrapped = unwrap(wrapped)
      const ms = performance.now() - started
      if (unwrapped.length !== secret.length || !timingSafeEqual(unwrapped, secret))
        throw new Error('it does not unwrap what was encrypted')
      return ms
    }),
  )
}
