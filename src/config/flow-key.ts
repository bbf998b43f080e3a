import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseFlowKey } from '../wire/keys.ts'
import { decoded } from './decode-text.ts'
import type { Config } from './schema.ts'

export type KeyEntry = Config['meta']['keys'][number]

/** The PEM as written. Rejects if its file cannot be read. */
export const keyText = async ({ file, pem = '' }: KeyEntry): Promise<string> =>
  file === undefined ? pem : decoded(await readFile(file))

/** One of `meta.keys`. Rejects if it cannot be read or opened. */
export const privateKeyOf = async (key: KeyEntry): Promise<KeyObject> =>
  parseFlowKey(await keyText(key), key.passphrase)

export const publicKeyOf = async (key: KeyEntry): Promise<KeyObject> => createPublicKey(await privateKeyOf(key))

/** Its name in messages; `index`: its place in the list. */
export const keyName = ({ file }: KeyEntry, index: number): string => file ?? `meta.keys[${index}].pem`

/** In the order of `meta.keys`. Rejects with a sentence that names the one that cannot be opened. */
export const privateKeysOf = ({ meta }: Pick<Config, 'meta'>): Promise<KeyObject[]> =>
  Promise.all(
    meta.keys.map(async (key, index) => {
      try {
        return await privateKeyOf(key)
      } catch (error) {
        throw new Error(`meta.keys: ${keyName(key, index)}: ${(error as Error).message}`)
      }
    }),
  )
