import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Loaded } from '../config/load-result.ts'
import { tombstoneFileBeside } from '../erasure/tombstone-file.ts'

/** Files, and names of environment variables. */
export type BesideBackups = Loaded['takenFrom']

/** What a restore and the server after it need and no backup has: the config and what it takes from elsewhere, and who was erased. */
export function besideBackups({
  file,
  config,
  takenFrom: { files, variables },
}: Pick<Loaded, 'file' | 'config' | 'takenFrom'>): BesideBackups {
  const keys = config.meta.keys.flatMap(({ file }) => file ?? [])
  const flowJsons = Object.values(config.flows).flatMap(({ flow_json }) => flow_json ?? [])
  const erased = tombstoneFileBeside(config.journal.file)
  const all = [file, ...keys, config.privacy.key, ...files, ...flowJsons, ...(existsSync(erased) ? [erased] : [])]
  return { files: [...new Set(all.map((each) => resolve(each)))], variables }
}
