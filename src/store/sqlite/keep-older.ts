import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { requireRoom } from '../../lib/free-space.ts'
import { explainFull } from '../../lib/full-disk.ts'
import { makePrivateFile } from '../../lib/private-file.ts'
import { databaseBytes } from '../../lib/size-on-disk.ts'
import { syncFolder } from '../../lib/sync-folder.ts'
import { copyStore } from './copy.ts'

/**
 * Keeps a copy of the store beside it, as it is before it is brought up to date, and returns its path. While nobody writes. Throws one
 * sentence when it cannot be kept; then nothing is left of it.
 */
export function keepOlder(path: string, layout: number): string {
  const kept = `${path}.layout-${layout}`
  const partial = `${kept}.partial`
  try {
    requireRoom(dirname(path), databaseBytes(path), 'free some space')
    // What a killed process has left.
    rmSync(partial, { force: true })
    makePrivateFile(partial)
    copyStore(path, partial)
    syncFile(partial)
    renameSync(partial, kept)
    syncFolder(dirname(path))
    return kept
  } catch (error) {
    rmSync(partial, { force: true })
    const { message } = explainFull(error, partial) as Error
    throw new Error(
      `store: ${path} has layout ${layout}, and is brought up to date only when a copy of it is kept: ${message}`,
    )
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
