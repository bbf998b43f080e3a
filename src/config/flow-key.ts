import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type FlowKey, importFlowKey, parseFlowKey } from '../wire/keys.ts'
import { decoded } from './decode-text.ts'
import type { Config } from './schema.ts'

export type KeyEntry = Config['meta']['keys'][number]

/** The PEM as written. Rejects if its file cannot be read. */
export const keyText = async ({ file, pem = '' }: KeyEntry): Promise<string> =>
  file === undefined ? pem : decoded(await readFile(file))

/** The public key of one of `meta.keys`. */
export const publicKeyOf = async (key: KeyEntry): Promise<KeyObject> =>
  createPublicKey(parseFlowKey(await keyText(key), key.passphrase))

/** Its name in messages; `index`: its place in the list. */
export const keyName = ({ file }: KeyEntry, index: number): string => file ?? `meta.keys[${index}].pem`

/** In the order of `meta.keys`. Rejects with a sentence that names the one that cannot be opened. */
export const importFlowKeys = ({ meta }: Pick<Config, 'meta'>): Promise<FlowKey[]> =>
  Promise.all(
    meta.keys.map(async (key, index) => {
      try {
        return await importFlowKey(await keyText(key), key.passphrase)
      } catch (error) {
        throw new Error(`meta.keys: ${keyName(key, index)}: ${(error as Error).message}`)
      }
    }),
  )
