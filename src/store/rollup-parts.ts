// The parts of a rollup as they are kept: the first as it is, so that a database can tell whether it is `NOTHING`; the others, which
// are long and repeat themselves, in a third of their bytes.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Part, Parts, Rolled } from '../insight/rolled.ts'

export type Kept = string | Uint8Array
export type KeptParts = { readonly [part in Part]?: Kept }

type Kind<Sum> = Pick<Rolled<never, Sum>, 'parts' | 'toParts'>

/** In the order of `parts`. */
export function kept<Sum>({ parts, toParts }: Kind<Sum>, sum: Sum): KeptParts {
  const texts = toParts(sum)
  const keep = (text: string, index: number): Kept => (index === 0 ? text : zstdCompressSync(text))
  return Object.fromEntries(parts.map((part, index) => [part, keep(texts[part] ?? '', index)]))
}

/** Of the parts that were read. */
export const restored = <Sum>({ parts }: Pick<Kind<Sum>, 'parts'>, row: KeptParts): Parts =>
  Object.fromEntries(parts.map((part) => [part, textOf(row[part])]))

const textOf = (kept: Kept | undefined): string | undefined =>
  kept instanceof Uint8Array ? zstdDecompressSync(kept).toString('utf8') : kept
