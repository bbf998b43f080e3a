import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

export type FlowKeyPair = {
  /** PKCS#8, encrypted with the passphrase. */
  readonly privatePem: string
  readonly passphrase: string
  /** For Meta. */
  readonly publicPem: string
}

export async function generateFlowKey(): Promise<FlowKeyPair> {
  const passphrase = randomSecret()
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
  })
  return { privatePem: privateKey, passphrase, publicPem: publicKey }
}

/** 256 random bits, base64url. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')
