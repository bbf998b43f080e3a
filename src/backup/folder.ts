// The folder of backups: which there are, which are to go, and one process at a time.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileReason } from '../config/file-reason.ts'
import { isLocked, lockFile } from '../journal/lock.ts'
import { MONGO_LAYOUT } from '../store/mongo/layout.ts'
import { SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { isBackupName, MANIFEST, nameOf } from './names.ts'

/** Endings of what is no backup: one that is being made, what a drill restores to, and one that is being removed. */
const UNFINISHED = { partial: '.partial', drill: '.drill', removed: '.removed' } as const

/**
 * Works in the folder, which is made where it is missing, while no other process does; removes what killed ones have left. Rejects
 * with one sentence when another one is at work.
 */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder)
  const lock = lockOf(folder)
  try {
    for (const name of readdirSync(folder)) if (isUnfinished(name)) rmSync(join(folder, name), { recursive: true })
    return await work()
  } finally {
    lock.close()
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const reason = NO_FOLDER[(error as NodeJS.ErrnoException).code ?? ''] ?? fileReason(error)
    throw new Error(`cannot put backups in ${folder}: ${reason}; choose another folder`)
  }
}

/** `ENOENT`: such as in /proc. */
const NO_FOLDER: { readonly [code: string]: string } = {
  EEXIST: 'it is not a folder',
  ENOENT: 'no folder can be made there',
}

function lockOf(folder: string): { close(): void } {
  try {
    return lockFile(join(folder, '.lock'), 0)
  } catch (error) {
    if (!isLocked(error))
      throw new Error(`cannot write to ${folder}: ${(error as Error).message}; choose another folder`)
    throw new Error(`another backup or drill is at work in ${folder}; let it finish`)
  }
}

const isUnfinished = (name: string): boolean =>
  Object.values(UNFINISHED).some((ending) => name.endsWith(ending) && isBackupName(name.slice(0, -ending.length)))

/** Names, oldest first. Throws one sentence if the folder is there and cannot be read. */
export function backupsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => isBackupName(name) && existsSync(join(folder, name, MANIFEST)))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Error(`cannot look for backups in ${folder}: ${fileReason(error)}`)
  }
}

/** The same; none where the folder cannot be read. */
export function backupsSeenIn(folder: string): readonly string[] {
  try {
    return backupsIn(folder)
  } catch {
    return []
  }
}

/** The names of those that were made before this instant, and so have what was removed at it. */
export const backupsBefore = (folder: string, at: number): readonly string[] =>
  backupsIn(folder).filter((name) => name < nameOf(at))

/** Where the next backup is made, and where it will be. Two never get one name. */
export function newBackup(folder: string, now: number): { at: number; name: string; partial: string; path: string } {
  let at = now
  while (existsSync(join(folder, nameOf(at)))) at++
  const name = nameOf(at)
  return { at, name, path: join(folder, name), partial: scratch(folder, `${name}${UNFINISHED.partial}`) }
}

export const drillFolder = (folder: string, name: string): string => scratch(folder, `${name}${UNFINISHED.drill}`)

function scratch(folder: string, name: string): string {
  mkdirSync(join(folder, name), { mode: 0o700 })
  return join(folder, name)
}

/** Removes the oldest, so that `keep` are left; never the one of this name. Returns what it has removed. */
export function removeOld(folder: string, keep: number, kept: string): readonly string[] {
  const others = backupsIn(folder).filter((name) => name !== kept)
  const old = others.slice(0, Math.max(0, others.length - keep + 1))
  for (const name of old) {
    const path = join(folder, `${name}${UNFINISHED.removed}`)
    renameSync(join(folder, name), path)
    rmSync(path, { recursive: true })
  }
  return old
}

/** Those that this version restores. */
export const LAYOUTS = { sqlite: SQLITE_LAYOUT, mongodb: MONGO_LAYOUT }

export type FoundBackup = { readonly name: string; readonly path: string; readonly manifest: Manifest }

/** The backup at a path, or of a name in the folder of backups. Throws one sentence if there is none that can be restored. */
export function findBackup(given: string, folder: string): FoundBackup {
  const path = [resolve(given), join(folder, given)].find((each) => existsSync(join(each, MANIFEST)))
  if (path === undefined) throw new Error(`${given} is no backup; ${hint(given, folder)}`)
  const place = join(path, MANIFEST)
  return { path, name: basename(path), manifest: parseManifest(readFileSync(place, 'utf8'), place, LAYOUTS) }
}

/** Throws one sentence if there is none. */
export function newestBackup(folder: string): FoundBackup {
  const newest = backupsIn(folder).at(-1)
  if (newest === undefined) throw new Error(`there is no backup in ${folder}; \`screentrail backup\` makes one`)
  return findBackup(join(folder, newest), folder)
}

function hint(given: string, folder: string): string {
  const place = [resolve(given), folder].find((each) => backupsSeenIn(each).length > 0)
  if (place === undefined) return `expected a folder with a ${MANIFEST}, as \`screentrail backup\` makes it`
  return `the newest one in ${place} is ${backupsIn(place).at(-1)}`
}
