import { statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
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
  const existing = paths.filter((path) => statSync(path, { throwIfNoEntry: false }))
  if (existing.length > 0) return { ok: false, existing }

  for (const { path, content, access } of files) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // `wx` fails if the file appeared since.
    await writeFile(path, content, { flag: 'wx', mode: access === 'secret' ? 0o600 : 0o644 })
  }
  return { ok: true, files: paths }
}
