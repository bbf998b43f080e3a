// The business's private keys.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readPem } from './pem.ts'

/** One of them, in whatever holds it. It cannot be taken out again. */
export type FlowKey = {
  /**
   * What was encrypted with its public half (RSA-OAEP, SHA-256 both times). Undefined if it was encrypted for another key, or is
   * damaged: whoever sent it sees no difference. Works off the event loop.
   */
  unwrap(wrapped: Uint8Array): Promise<Buffer | undefined>
}

/** Bytes of whatever is encrypted with the public half. */
export const WRAPPED_BYTES = 256

/** Imports a PEM (PKCS#8 or PKCS#1, plain or encrypted). Throws a sentence about what is wrong with it or the passphrase. */
export const importFlowKey = async (pem: string, passphrase?: string): Promise<FlowKey> =>
  webCryptoKey(parseFlowKey(pem, passphrase))

export async function webCryptoKey(key: KeyObject): Promise<FlowKey> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' }
  const der = derOf(key)
  const held = await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['decrypt']).finally(() => der.fill(0))
  return {
    async unwrap(wrapped) {
      try {
        return Buffer.from(await crypto.subtle.decrypt(algorithm, held, new Uint8Array(wrapped)))
      } catch {
        return undefined
      }
    },
  }
}

/** PKCS#8, to be wiped by whoever asked. */
export const derOf = (key: KeyObject): Uint8Array<ArrayBuffer> =>
  key.export({ type: 'pkcs8', format: 'der' }) as Uint8Array<ArrayBuffer>

/** A PEM as a key from which the others, and the public key, are made. Throws as `importFlowKey` does. */
export function parseFlowKey(pem: string, passphrase?: string): KeyObject {
  const key = open(pem, passphrase)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`expected an RSA key, found ${key.asymmetricKeyType}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits !== BITS) throw new Error(`expected an RSA key of ${BITS} bits, as Meta requires, found ${bits} bits`)
  return key
}

/** Meta accepts no other size. */
const BITS = WRAPPED_BYTES * 8

/** Replaces OpenSSL's messages, which help nobody and vary between versions. */
function open(given: string, passphrase: string | undefined): KeyObject {
  const pem = readPem(given)
  if (!pem.ok) throw new Error(pem.reason)
  if (pem.isEncrypted && !passphrase) throw new Error('the private key is encrypted, and no passphrase is given')
  try {
    return createPrivateKey(pem.isEncrypted && passphrase ? { key: pem.text, passphrase } : pem.text)
  } catch {
    throw new Error(pem.isEncrypted ? NOT_OPENED : 'the private key could not be read: the PEM is damaged')
  }
}

const NOT_OPENED = 'the private key could not be opened: the passphrase is wrong or the PEM is damaged'
