import { existsSync } from 'node:fs'
import { access, chmod, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** What keeps us from writing to the first unwritable file or folder of these, with the fix. They need not exist. */
export async function findUnwritable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files)
    for (const path of [nearestFolder(dirname(resolve(file))), resolve(file)]) {
      const refusal = await refusalOf(path)
      if (refusal !== undefined) return `cannot write to ${path}: ${refusal}`
    }
  return undefined
}

/** The folder, or the nearest one above it that exists. */
export const nearestFolder = (folder: string): string =>
  existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder))

async function refusalOf(path: string): Promise<string | undefined> {
  const code = await codeOf(access(path, constants.R_OK | constants.W_OK))
  if (code !== 'EACCES' && code !== 'EPERM') return code === 'EROFS' ? READ_ONLY : undefined
  const { uid, gid, mode } = await stat(path)
  // `access` reports permissions first; this call, which changes nothing, reports a read-only disk.
  if ((await codeOf(chmod(path, mode))) === 'EROFS') return READ_ONLY
  const bits = (mode & 0o777).toString(8)
  const user = process.getuid?.()
  if (uid === user) return `its own user, ${uid}, may not (mode ${bits}); let it with chmod u+rwX`
  return (
    `it belongs to user ${uid} (mode ${bits}), and this is user ${user}; ` +
    `run as its owner (in a container --user ${uid}:${gid}), or give it to this user with chown -R`
  )
}

const READ_ONLY = 'it is on a disk that can only be read; mount it so that it can be written to, too'

const codeOf = (work: Promise<void>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  )
