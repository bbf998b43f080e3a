// Encodes the parts of a rollup: the first as it is, so that a database can compare it with `EMPTY_PART`; the others, which are long
// and repetitive, compressed to a third.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { AggregatePart, EncodedParts, RollupKind } from './kinds.ts'

export type StoredPart = string | Uint8Array
export type StoredParts = { readonly [part in AggregatePart]?: StoredPart }

type Kind<Sum> = Pick<RollupKind<never, Sum>, 'parts' | 'encode'>

/** In the order of `parts`. */
export function encodeParts<Sum>({ parts, encode }: Kind<Sum>, sum: Sum): StoredParts {
  const texts = encode(sum)
  const keep = (text: string, index: number): StoredPart => (index === 0 ? text : zstdCompressSync(text))
  return Object.fromEntries(parts.map((part, index) => [part, keep(texts[part] ?? '', index)]))
}

/** Of the parts that were read. */
export const decodeParts = <Sum>({ parts }: Pick<Kind<Sum>, 'parts'>, row: StoredParts): EncodedParts =>
  Object.fromEntries(parts.map((part) => [part, textOf(row[part])]))

const textOf = (kept: StoredPart | undefined): string | undefined =>
  kept instanceof Uint8Array ? zstdDecompressSync(kept).toString('utf8') : kept
