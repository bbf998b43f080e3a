// The private keys, and whether others can read secret files.

import { createHash, type KeyObject } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { fileReason } from '../config/file-reason.ts'
import { type KeyEntry, keyName, publicKeyOf } from '../config/flow-key.ts'
import type { Loaded } from '../config/load-result.ts'
import { type Check, ok, warning } from './check.ts'

export const checkKeys = (keys: readonly KeyEntry[]): Promise<Check[]> =>
  Promise.all(
    keys.map(async (key, index) =>
      ok('key', `${keyName(key, index)} opens; its public key is SHA-256 ${fingerprint(await publicKeyOf(key))}`),
    ),
  )

/** As by `openssl pkey -pubin -in flow-public.pem -outform der | openssl dgst -sha256`. */
const fingerprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')

/** The private keys, the key of the pseudonyms, and the files that the config interpolates. */
export async function checkSecretFiles({
  config,
  takenFrom,
}: Pick<Loaded, 'config' | 'takenFrom'>): Promise<readonly Check[]> {
  const files = new Set([...config.meta.keys.flatMap((key) => key.file ?? []), config.privacy.key, ...takenFrom.files])
  const found = (await Promise.all([...files].map(checkAccess))).flat()
  return found.length > 0 ? found : [ok('secrets', `only their owner can read the ${files.size} secret files`)]
}

async function checkAccess(file: string): Promise<Check[]> {
  try {
    const mode = (await stat(file)).mode & 0o777
    if ((mode & 0o044) === 0) return []
    return [warning('secrets', `others can read ${file} (mode ${mode.toString(8)})`, `chmod 600 ${file}`)]
  } catch (error) {
    return [warning('secrets', `${file}: ${fileReason(error)}`, 'see that the config names the right file')]
  }
}
