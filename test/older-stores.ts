import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'

/** A file of `older-stores/`, as it was written in its time. */
export const olderStore = (name: string): Buffer =>
  zstdDecompressSync(readFileSync(join(import.meta.dir, 'older-stores', `${name}.zst`)))
