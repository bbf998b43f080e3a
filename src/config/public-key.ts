import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from './schema.ts'

/** The public half of one of `meta.keys`, which opens, or the config would not have loaded. */
export async function publicKeyOf({ file, passphrase }: Config['meta']['keys'][number]): Promise<KeyObject> {
  const key = await readFile(file)
  return createPublicKey(createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) }))
}
