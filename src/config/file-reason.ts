/** Why a file could not be read or written. Rethrows other errors. */
export function fileReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const reason = REASONS[code]
  if (reason === undefined) throw error
  return reason
}

/** The same of a file that could not be read, with what helps. `makes`: the sentence for where there is none. */
export function whyUnreadable(error: unknown, makes?: string): string {
  const reason = fileReason(error)
  const fix = fixFor((error as NodeJS.ErrnoException).code, makes)
  return fix === undefined ? reason : `${reason}; ${fix}`
}

function fixFor(code: string | undefined, makes: string | undefined): string | undefined {
  if (code === 'ENOENT') return makes
  if (code === 'EISDIR') return 'name the file itself'
  if (code !== 'EACCES' && code !== 'EPERM') return undefined
  const user = process.getuid?.()
  return `let this user${user === undefined ? '' : `, ${user},`} read it, and enter the folders above it`
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go round in a circle',
}
