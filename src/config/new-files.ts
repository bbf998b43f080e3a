import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type NewFile = {
  readonly path: string
  readonly content: string
  /** `secret`: for the owner only. */
  readonly access: 'secret' | 'public'
}

export type WriteResult =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly existing: readonly string[] }

/** Writes all of the files, or none if one of them exists. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<WriteResult> {
  const paths = files.map((file) => file.path)
  const there = await Promise.all(paths.map(exists))
  if (there.includes(true)) return { ok: false, existing: paths.filter((_, index) => there[index]) }

  for (const { path, content, access } of files) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // `wx` fails if the file appeared since.
    await writeFile(path, content, { flag: 'wx', mode: access === 'secret' ? 0o600 : 0o644 })
  }
  return { ok: true, files: paths }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    throw error
  }
}
