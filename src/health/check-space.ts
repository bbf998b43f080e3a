import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nearestFolder } from '../config/write-access.ts'
import { showSize } from '../lib/units.ts'
import { type Check, ok, warning } from './check.ts'

/** The free space on each disk of these files, which need not exist. */
export async function checkSpace(files: readonly string[]): Promise<readonly Check[]> {
  const disks = new Map<number, string>()
  for (const folder of files.map((file) => nearestFolder(dirname(file)))) {
    const { dev } = await stat(folder)
    if (!disks.has(dev)) disks.set(dev, folder)
  }
  return Promise.all(
    [...disks.values()].map(async (folder) => {
      const { bavail, blocks, bsize } = await statfs(folder)
      return judgeSpace(folder, bavail * bsize, blocks * bsize)
    }),
  )
}

/** `free` and `total` in bytes. */
export function judgeSpace(folder: string, free: number, total: number): Check {
  const found = `${showSize(free)} of ${showSize(total)} free in ${folder}`
  if (free >= ENOUGH_BYTES && free >= total * ENOUGH_SHARE) return ok('disk', found)
  return warning('disk', found, 'free some space: on a full disk events are dropped, though users are still answered')
}

const ENOUGH_BYTES = 1024 ** 3
const ENOUGH_SHARE = 0.1
