import { readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { requireRoom } from '../../lib/free-space.ts'
import { explainFull } from '../../lib/full-disk.ts'
import { makePrivateFile } from '../../lib/private-file.ts'
import { databaseBytes } from '../../lib/size-on-disk.ts'
import { syncPath } from '../../lib/sync-path.ts'
import { copyStore } from './copy.ts'

/**
 * Keeps a copy of the store beside it, as it is before it is brought up to date, and returns its path. While nobody writes. Throws one
 * sentence when it cannot be kept; then nothing is left of it.
 */
export function keepOlder(path: string, layout: number): string {
  const kept = `${path}.layout-${layout}`
  const partial = `${kept}.partial`
  try {
    // What a killed process has left: it takes room.
    removePartial(partial)
    requireRoom(dirname(path), databaseBytes(path), howToMakeRoom(path))
    makePrivateFile(partial)
    copyStore(path, partial)
    syncPath(partial)
    renameSync(partial, kept)
    syncPath(dirname(path))
    return kept
  } catch (error) {
    removePartial(partial)
    const { message } = explainFull(error, partial) as Error
    throw new Error(
      `store: ${path} has layout ${layout}, and is brought up to date only when a copy of it is kept: ${message}`,
    )
  }
}

/** With the journal that SQLite writes it by. */
function removePartial(partial: string): void {
  for (const file of [partial, `${partial}-journal`]) rmSync(file, { force: true })
}

/** Names the copies of earlier updates. */
function howToMakeRoom(path: string): string {
  const earlier = readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.`) && /\.layout-\d+$/.test(name))
    .map((name) => join(dirname(path), name))
  return earlier.length === 0 ? 'free some space' : `free some space, such as that of ${earlier.join(' and ')}`
}
