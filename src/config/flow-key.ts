import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseFlowKey } from '../wire/keys.ts'
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
