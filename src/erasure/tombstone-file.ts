// The tombstones beside the journal: they outlive the store, and whatever is put in its place.

import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fileReason } from '../config/file-reason.ts'
import { parseJson } from '../lib/json.ts'
import { syncPath } from '../lib/sync-path.ts'

/** The keyed hash of a token or a value. */
export const hashShape = z.string().regex(/^[\w-]{43}$/)

const shape = z.object({ hash: hashShape, at: z.int() })

/** Nothing received up to this instant may be there. */
export type Tombstone = Readonly<z.infer<typeof shape>>

/** Whether a file can have it. */
export const isTombstone = (found: unknown): found is Tombstone => shape.safeParse(found).success

export type TombstoneFile = ReturnType<typeof tombstoneFileAt>

/** `journal`: the file of the journal. */
export const tombstoneFileBeside = (journal: string): string => join(dirname(journal), 'erasures.ndjson')

export function tombstoneFileAt(path: string) {
  let readBytes = -1
  return {
    /** All, or undefined when it has not grown since it was read last. Throws one sentence when it is damaged. */
    read(): readonly Tombstone[] | undefined {
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      if (size === readBytes) return undefined
      const found = size === 0 ? [] : tombstonesIn(textOf(path), path)
      readBytes = size
      return found
    },
    /** They survive a power cut when it returns. Throws one sentence when they cannot be written, or could not be read. */
    append(tombstones: readonly Tombstone[]): void {
      if (tombstones.length === 0) return
      const unreadable = tombstones.find((each) => !isTombstone(each))
      if (unreadable) throw new Error(`${path}: ${JSON.stringify(unreadable)} is ${NO_LINE}; it was not written`)
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        const file = openSync(path, 'a+', 0o600)
        try {
          const lines = tombstones.map(({ hash, at }) => `${JSON.stringify({ hash, at })}\n`).join('')
          writeWhole(file, isTorn(file) ? `\n${AFTER_TORN}\n${lines}` : lines)
          fsyncSync(file)
        } finally {
          closeSync(file)
        }
        syncPath(dirname(path))
      } catch (error) {
        throw new Error(`cannot write ${path}: ${fileReason(error)}; nothing is erased before that`)
      }
    },
  }
}

const NO_LINE = 'no line of an erasure'

/** Says of the line before it that its end was never written. */
const AFTER_TORN = '{"torn":true}'

function tombstonesIn(text: string, path: string): Tombstone[] {
  const lines = text.split('\n')
  // Empty where the last line is whole.
  lines.pop()
  return lines.flatMap((line, index) => {
    if (line === AFTER_TORN) return []
    const found = parseJson(line)
    if (isTombstone(found)) return [found]
    if (lines[index + 1] === AFTER_TORN) return []
    throw new Error(
      `${path}:${index + 1} is damaged: it is ${NO_LINE}. Put the file back from a copy; without it, people who were ` +
        'erased come back with a restore',
    )
  })
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`cannot read ${path}: ${fileReason(error)}`)
  }
}

function isTorn(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last.toString() !== '\n'
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
