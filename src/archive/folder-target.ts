import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileReason } from '../config/file-reason.ts'
import type { ArchiveTarget } from './target.ts'

/** For its owner only. */
export function folderTarget(folder: string): ArchiveTarget {
  let swept: Promise<void> | undefined
  const pathOf = (name: string) => join(folder, name)

  const paths = async () => {
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) =>
      absent(folder, error),
    )
    return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  }
  const sweep = async () => {
    for (const path of await paths()) if (path.endsWith(PARTIAL)) await removeFile(path)
  }

  return {
    pathOf,
    sweep,

    async *names() {
      const whole = (await paths()).filter((path) => !path.endsWith(PARTIAL))
      yield* whole.map((path) => relative(folder, path).split(sep).join('/')).sort()
    },

    async put(name, bytes) {
      const path = pathOf(name)
      try {
        await makeFolder(dirname(path))
        swept ??= sweep()
        await swept
        await writeWhole(path, bytes)
      } catch (error) {
        swept = undefined
        throw new Error(`cannot write ${path}: ${fileReason(error)}`)
      }
    },

    remove: (name) => removeFile(pathOf(name)),

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

async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
    await syncFolder(dirname(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`cannot remove ${path}: ${fileReason(error)}`)
  }
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
