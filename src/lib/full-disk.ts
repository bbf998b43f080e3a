// Errors of a full disk, in words.

/** Which file could not be written and what to do, where the disk is full or a limit is reached; any other error as it is. */
export function explainFull(error: unknown, target: string): unknown {
  const { code } = error as { readonly code?: string }
  if (!FULL.has(code ?? '')) return error
  return new Error(`there is no room left for ${target}: free some space on its disk, or choose another folder`)
}

/** A full disk, a quota, and a limit on the size of files. */
const FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC', 'EDQUOT', 'EFBIG'])
