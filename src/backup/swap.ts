// Puts restored files in place of those that are there: all of them, or none, however it ends.
//
// Everything is built beside first. Then a note says what is going to be swapped, and from there on it only goes forward: each step
// can be repeated, a server does not start while the note is there, and the next `restore` completes what was cut short.
//
// Documents of a MongoDB go into an empty database, under the same note.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isObject, parseJson } from '../lib/json.ts'
import { syncPath } from '../lib/sync-path.ts'
import { measureFile } from './files.ts'
import { isBackupName } from './names.ts'

/** What is being restored, into which store (without its password), and when that was decided. Plain data. */
export type Swap = { readonly backup: string; readonly store: string; readonly at: string }

const noteOf = (journalFile: string): string => `${journalFile}.restore`

/** A restore that was cut short, or is under way at this moment. */
export function unfinishedSwap(journalFile: string): Swap | undefined {
  const note = noteOf(journalFile)
  if (!existsSync(note)) return undefined
  const found = parseJson(readFileSync(note, 'utf8'))
  if (isObject(found)) {
    const { backup, store, at } = found
    if (typeof backup === 'string' && typeof store === 'string' && typeof at === 'string' && isBackupName(at))
      return { backup, store, at }
  }
  throw new Error(`${note} is damaged; move it away, and restore again with --replace`)
}

/** One sentence for a server that finds one. */
export const describeUnfinished = ({ backup }: Swap): string =>
  `a restore of the backup ${backup} was cut short; \`screentrail restore ${backup}\` completes it`

export function beginSwap(journalFile: string, swap: Swap): void {
  const note = noteOf(journalFile)
  writeFileSync(`${note}.new`, JSON.stringify(swap), { mode: 0o600 })
  measureFile(`${note}.new`)
  renameSync(`${note}.new`, note)
  syncPath(dirname(note))
}

export function endSwap(journalFile: string): void {
  rmSync(noteOf(journalFile))
  syncPath(dirname(journalFile))
}

/** Where a restored file waits for its place: in the same folder, so that a rename is enough. */
export const builtBeside = (file: string): string => `${file}.restoring`

const keptAs = (file: string, at: string): string => `${file}.before-${at}`

/** The -wal goes with the file: beside the restored one, SQLite would take it for that one's. */
const PARTS = ['', '-wal', '-shm']

/** Can be repeated. Returns the files that were there before under their new names. `rename`: passed in where a test cuts it short. */
export function swapFiles(files: readonly string[], at: string, rename = renameSync): readonly string[] {
  for (const file of files) {
    if (!existsSync(builtBeside(file))) continue
    for (const part of PARTS) {
      if (!existsSync(`${file}${part}`)) continue
      rename(`${file}${part}`, unusedName(keptAs(file, at), part))
    }
    rename(builtBeside(file), file)
    syncPath(dirname(file))
  }
  return files.map((file) => keptAs(file, at)).filter(existsSync)
}

/** What was cut short may have kept one under the name already. */
function unusedName(name: string, part: string): string {
  let unused = name
  for (let count = 2; existsSync(`${unused}${part}`); count++) unused = `${name}-${count}`
  return `${unused}${part}`
}
