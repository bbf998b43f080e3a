// A private key of `meta.keys`: in a file, or in the config itself.

import { readFile } from 'node:fs/promises'
import { decoded } from './decode-text.ts'
import type { Config } from './schema.ts'

export type KeyEntry = Config['meta']['keys'][number]

/** The PEM as it was written; rejects when its file cannot be read. */
export async function keyText({ file, pem = '' }: KeyEntry): Promise<string> {
  return file === undefined ? pem : decoded(await readFile(file))
}

/** What it is called in messages; `index`: its place in the list. */
export const keyName = ({ file }: KeyEntry, index: number): string => file ?? `meta.keys[${index}].pem`
