// The business's private keys. The public halves are uploaded to Meta, one per phone number.

import { createPrivateKey } from 'node:crypto'

/** A private key ready for use off the event loop. */
export type FlowKey = CryptoKey

/**
 * Reads a PEM (PKCS#8 or PKCS#1, plain or encrypted) once, so that no request pays for parsing it.
 * Throws a sentence that says what is wrong with the PEM or the passphrase.
 */
export async function importFlowKey(pem: string, passphrase?: string): Promise<FlowKey> {
  const key = parse(pem, passphrase)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`expected an RSA key, found ${key.asymmetricKeyType}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < 2048) throw new Error(`expected an RSA key of 2048 bits, as Meta requires, found ${bits} bits`)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, [
    'decrypt',
  ])
}

function parse(pem: string, passphrase: string | undefined) {
  const isEncrypted = /ENCRYPTED/.test(pem)
  if (isEncrypted && !passphrase) throw new Error('the private key is encrypted, and no passphrase is given')
  try {
    return createPrivateKey(passphrase ? { key: pem, passphrase } : pem)
  } catch (error) {
    if (!/PRIVATE KEY-----/.test(pem))
      throw new Error('expected a private key in PEM form, which begins with -----BEGIN')
    throw new Error(
      isEncrypted
        ? 'the private key could not be opened: the passphrase is wrong or the PEM is damaged'
        : `the private key could not be read: ${(error as Error).message}`,
    )
  }
}
