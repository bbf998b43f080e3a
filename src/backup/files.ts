// Files that are on the disk when a call returns. Synchronous, for the thread of backups.
//
// Never to be used for a database that is open: a process that closes a file gives up all its locks on it.

import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

export type Measured = { readonly bytes: number; readonly sha256: string }

/** Bytes and checksum of a file, which is on the disk then. */
export function measureFile(path: string): Measured {
  const source = openSync(path, 'r')
  try {
    fsyncSync(source)
    return readThrough(source, () => {})
  } finally {
    closeSync(source)
  }
}

/** Copies a file for its owner's eyes only. Leaves nothing behind when it fails. Returns what it has read. */
export function copyFile(from: string, to: string): Measured {
  const source = openSync(from, 'r')
  try {
    rmSync(to, { force: true })
    const target = openSync(to, 'wx', 0o600)
    try {
      const measured = readThrough(source, (chunk) => {
        for (let at = 0; at < chunk.length; ) at += writeSync(target, chunk, at)
      })
      fsyncSync(target)
      return measured
    } catch (error) {
      rmSync(to, { force: true })
      throw error
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}

const CHUNK_BYTES = 1024 * 1024

function readThrough(source: number, take: (chunk: Uint8Array) => void): Measured {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  let bytes = 0
  for (;;) {
    const read = readSync(source, buffer, 0, CHUNK_BYTES, null)
    if (read === 0) return { bytes, sha256: hash.digest('hex') }
    const chunk = buffer.subarray(0, read)
    hash.update(chunk)
    take(chunk)
    bytes += read
  }
}
