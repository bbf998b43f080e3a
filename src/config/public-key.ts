import { createPublicKey, type KeyObject } from 'node:crypto'
import { parseFlowKey } from '../wire/keys.ts'
import { type KeyEntry, keyText } from './private-key-text.ts'

/** The public half of one of `meta.keys`, which opens, or the config would not have loaded. */
export const publicKeyOf = async (key: KeyEntry): Promise<KeyObject> =>
  createPublicKey(parseFlowKey(await keyText(key), key.passphrase))
