import { type KeyEntry, privateKeyOf } from '../config/flow-key.ts'
import type { Config } from '../config/schema.ts'
import { chooseRsa } from '../rsa/choose.ts'
import { type Check, ok, problem } from './check.ts'

/** By whom a server that starts now would use the private keys. */
export async function checkRsa({ rsa, keys }: Pick<Config['meta'], 'rsa' | 'keys'>): Promise<Check> {
  const key = await privateKeyOf(keys[0] as KeyEntry)
  const chosen = chooseRsa(rsa, key)
  return 'missing' in chosen ? problem('rsa', chosen.missing, chosen.fix) : ok('rsa', `is done ${chosen.because}`)
}
