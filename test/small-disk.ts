// A file system of its own that others fill up, for one of the files of a folder.

import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Only root can mount one. */
export const canMount = process.getuid?.() === 0 && Bun.which('mount') !== null

export type SmallDisk = {
  readonly path: string
  /** To the last byte. */
  fill(): Promise<void>
  free(): Promise<void>
  remove(): Promise<void>
}

/** At `small` in the folder. */
export async function mountSmallDisk(folder: string, megabytes = 80): Promise<SmallDisk> {
  const path = join(folder, 'small')
  const filler = join(path, 'of-somebody-else')
  await mkdir(path)
  await run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path)
  return {
    path,
    async fill() {
      const megabyte = Buffer.alloc(1024 * 1024)
      for (const size of [megabyte.length, 4_096])
        while (await appendFile(filler, megabyte.subarray(0, size)).then(() => true, isFull));
    },
    free: () => rm(filler),
    remove: () => run('umount', path),
  }
}

const isFull = (error: { code?: string }) => {
  if (error.code !== 'ENOSPC') throw error
  return false
}

/** Rejects with what it said when it fails. */
export async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stderr: 'pipe' })
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text())
}
