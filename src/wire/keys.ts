// The business's private keys.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readPem } from './pem.ts'

/** Decrypts off the event loop. */
export type FlowKey = CryptoKey

/** Imports a PEM (PKCS#8 or PKCS#1, plain or encrypted). Throws a sentence about what is wrong with it or the passphrase. */
export async function importFlowKey(pem: string, passphrase?: string): Promise<FlowKey> {
  const der = parseFlowKey(pem, passphrase).export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, [
    'decrypt',
  ])
}

/** The same, in a form from which the public key can be derived. */
export function parseFlowKey(pem: string, passphrase?: string): KeyObject {
  const key = open(pem, passphrase)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`expected an RSA key, found ${key.asymmetricKeyType}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits !== BITS) throw new Error(`expected an RSA key of ${BITS} bits, as Meta requires, found ${bits} bits`)
  return key
}

/** Meta accepts no other size. */
const BITS = 2048

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
