import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Loaded } from '../config/load-result.ts'
import { tombstoneFileBeside } from '../erasure/tombstone-file.ts'

/** What a restore needs and no backup has: the config, the keys, and who was erased. */
export function filesBesideBackups({ file, config }: Pick<Loaded, 'file' | 'config'>): readonly string[] {
  const keys = config.meta.keys.flatMap(({ file }) => file ?? [])
  const erased = tombstoneFileBeside(config.journal.file)
  const files = [file, ...keys, config.privacy.key, ...(existsSync(erased) ? [erased] : [])]
  return files.map((each) => resolve(each))
}
