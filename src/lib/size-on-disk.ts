import { existsSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of a SQLite file and of what is still in its log; 0 where there is none. */
export const databaseBytes = (file: string): number =>
  [file, `${file}-wal`].reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0)

/** Bytes of all files below a folder, 0 where there is none. Undefined if it cannot be read. Files that go meanwhile do not count. */
export async function folderBytes(folder: string): Promise<number | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    let bytes = 0
    for (const entry of entries)
      if (entry.isFile())
        bytes += await stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        )
    return bytes
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : undefined
  }
}
