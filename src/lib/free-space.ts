import { statfsSync } from 'node:fs'
import { showSize } from './units.ts'

/** What whoever we run as may still write on the disk of this folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Beside the files that the server writes to: a copy must not be what fills the disk. */
const LEFT_FREE_BYTES = 64 * 1024 * 1024

/** Throws one sentence unless there is room for so many bytes, and some more. `folder` exists. */
export function requireRoom(folder: string, bytes: number, fix = 'free some space, or choose another folder'): void {
  const free = freeBytes(folder)
  if (free >= bytes + LEFT_FREE_BYTES) return
  throw new Error(
    `there is no room in ${folder}: it needs ${showSize(bytes)} and ${showSize(LEFT_FREE_BYTES)} to spare, and ` +
      `${showSize(free)} are free; ${fix}`,
  )
}
