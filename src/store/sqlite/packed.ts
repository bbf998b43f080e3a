// Text that repeats itself, in a third of its bytes.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export const pack = (text: string): Uint8Array => zstdCompressSync(text)

export const unpack = (packed: Uint8Array): string => zstdDecompressSync(packed).toString('utf8')
