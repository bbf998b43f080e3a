// The parts of a rollup as columns: the first as it is, for a look at it by SQL; the others, which are long and repeat themselves,
// in a third of their bytes.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Parts, Rolled } from '../../insight/rolled.ts'

export type Kept = string | number | Uint8Array

type Kind<Sum> = Pick<Rolled<never, Sum>, 'parts' | 'toParts'>

/** In the order of `parts`. */
export function kept<Sum>({ parts, toParts }: Kind<Sum>, sum: Sum): Kept[] {
  const texts = toParts(sum)
  return parts.map((part, index) => (index === 0 ? (texts[part] ?? '') : zstdCompressSync(texts[part] ?? '')))
}

export const restored = <Sum>({ parts }: Kind<Sum>, row: { readonly [column: string]: Kept }): Parts =>
  Object.fromEntries(parts.map((part) => [part, textOf(row[part])]))

const textOf = (kept: Kept | undefined): string | undefined =>
  kept instanceof Uint8Array ? zstdDecompressSync(kept).toString('utf8') : kept?.toString()
