import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileReason } from '../config/file-reason.ts'
import type { ArchiveTarget } from './target.ts'

/** For its owner only. */
export function folderTarget(folder: string): ArchiveTarget {
  const swept = new Map<string, Promise<void>>()
  const pathOf = (name: string) => join(folder, name)

  return {
    pathOf,

    async *names() {
      const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) =>
        absent(folder, error),
      )
      const files = found.filter((entry) => entry.isFile() && !entry.name.endsWith(PARTIAL))
      const names = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      yield* names.sort()
    },

    async put(name, bytes) {
      const path = pathOf(name)
      try {
        await makeFolder(dirname(path))
        await swept.getOrInsertComputed(dirname(path), sweep)
        await writeWhole(path, bytes)
      } catch (error) {
        swept.delete(dirname(path))
        throw new Error(`cannot write ${path}: ${fileReason(error)}`)
      }
    },

    async remove(name) {
      const path = pathOf(name)
      try {
        await rm(path, { force: true })
        await syncFolder(dirname(path))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          throw new Error(`cannot remove ${path}: ${fileReason(error)}`)
      }
    },

    has: (name) => Bun.file(pathOf(name)).exists(),

    async *bytes(name) {
      try {
        yield* createReadStream(pathOf(name)) as AsyncIterable<Uint8Array>
      } catch (error) {
        throw new Error(fileReason(error))
      }
    },
  }
}

const PARTIAL = '.partial'

/** Under another name first, so that a killed process leaves no half of a file under this one. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = path + PARTIAL
  try {
    const file = await open(partial, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}

/** What a killed process left: nobody would ever erase it. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith(PARTIAL)) await rm(join(folder, name), { force: true })
}

/** A folder is on disk only when the one above it is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function absent(folder: string, error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw new Error(`cannot read ${folder}: ${fileReason(error)}`)
}
