// Makes a backup of a store and a journal that may be in use.
//
// The journal first: events move from the journal to the store. One that has left the journal before its copy is in the store, and
// so in the copy of the store, which comes later. One that is in both copies is recorded once, by its id.

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../lib/clock.ts'
import { requireRoom } from '../lib/free-space.ts'
import { explainFull } from '../lib/full-disk.ts'
import { makePrivateFile } from '../lib/private-file.ts'
import { databaseBytes } from '../lib/size-on-disk.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { syncPath } from '../lib/sync-path.ts'
import { MONGO_LAYOUT } from '../store/mongo/layout.ts'
import { SQLITE_LAYOUT } from '../store/sqlite/layout.ts'
import { measureFile } from './files.ts'
import { inFolder, newBackup, removeOld } from './folder.ts'
import { FORMAT, type Manifest } from './manifest.ts'
import { JOURNAL_COPY, MANIFEST, STORE_COPY } from './names.ts'
import { between, exactly, numbersAndAnswersOf, numbersOf } from './numbers.ts'
import { type Progress, type Thread, watched, withThread } from './thread.ts'

export type BackupDeps = {
  readonly config: Pick<Config, 'store' | 'journal'>
  /** Of Screentrail. */
  readonly version: string
  readonly clock: Clock
  /** Made where it is missing. */
  readonly folder: string
  /** How many of the newest backups in the folder stay; without it all do. */
  readonly keep?: number
  readonly onProgress?: Progress
}

export type Backup = {
  readonly name: string
  readonly path: string
  readonly manifest: Manifest
  /** Names of older backups that were removed. */
  readonly removed: readonly string[]
}

/**
 * Under its name there is only a backup that is whole, was read back, and is on the disk; when this fails or is killed, there is none.
 * Older ones go only after that. Rejects with one sentence.
 */
export function runBackup({ config, version, clock, folder, keep, onProgress }: BackupDeps): Promise<Backup> {
  return inFolder(folder, () =>
    withThread(async (thread) => {
      const { at, name, path, partial } = newBackup(folder, clock())
      try {
        const parts = { thread, config, partial, at, onProgress: onProgress ?? (() => {}) }
        const journal = await copyJournal(parts)
        const store = sqliteFileOf(config.store.uri) === undefined ? await dumpMongo(parts) : await copySqlite(parts)
        const { events, sessions, ...rest } = store
        const manifest: Manifest = {
          format: FORMAT,
          at: new Date(at).toISOString(),
          version,
          ...rest,
          counts: { events, sessions, waiting: journal.waiting },
          files: [journal.file, ...store.files],
        }
        finish(partial, path, manifest)
        syncPath(folder)
        return { name, path, manifest, removed: keep === undefined ? [] : removeOld(folder, keep, name) }
      } catch (error) {
        rmSync(partial, { recursive: true, force: true })
        throw error
      }
    }),
  )
}

type Parts = {
  readonly thread: Thread
  readonly config: BackupDeps['config']
  readonly partial: string
  readonly at: number
  readonly onProgress: Progress
}

async function copyJournal({ thread, config, partial, onProgress }: Parts) {
  const { file } = config.journal
  onProgress(0, 'copying the journal')
  requireRoom(partial, databaseBytes(file))
  const target = join(partial, JOURNAL_COPY)
  await thread.copyJournal(file, target)
  const { waiting } = await thread.inspectJournal(target)
  return { waiting, file: { name: JOURNAL_COPY, ...(await thread.measureFile(target)) } }
}

type StorePart = Pick<Manifest, 'store' | 'layout' | 'numbers' | 'answers' | 'files'> &
  Pick<Manifest['counts'], 'events' | 'sessions'>

async function copySqlite({ thread, config, partial, at, onProgress }: Parts): Promise<StorePart> {
  const file = sqliteFileOf(config.store.uri) as string
  const target = join(partial, STORE_COPY)
  const bytes = databaseBytes(file)
  requireRoom(partial, bytes)
  makePrivateFile(target)
  const layout = await watched(thread.copyStore(file, target), () =>
    onProgress(Math.min(0.7, (0.7 * databaseBytes(target)) / Math.max(bytes, 1)), 'copying the store'),
  )
  onProgress(0.75, 'reading the copy')
  // Before the copy is checked, because it brings the rollups of the copy up to date. An older layout is kept as it is.
  const found = layout === SQLITE_LAYOUT ? await numbersAndAnswersOf(`sqlite:${target}`, at) : undefined
  const { events, sessions } = await thread.inspectStore(target)
  onProgress(0.95, 'computing its checksum')
  const files = [{ name: STORE_COPY, ...(await thread.measureFile(target)) }]
  return {
    store: 'sqlite',
    layout,
    events,
    sessions,
    ...(found && { numbers: exactly(found), answers: found.answers }),
    files,
  }
}

async function dumpMongo({ thread, config, partial, at, onProgress }: Parts): Promise<StorePart> {
  const { uri } = config.store
  // There are at least so many, whether or not the rollups are up to date.
  const before = await numbersOf(uri, at, 0)
  const files = await watched(thread.dumpDocuments(uri, partial), async () => {
    const { done, all } = await thread.documentProgress()
    onProgress((0.8 * done) / Math.max(all, 1), 'copying the documents')
  })
  onProgress(0.85, 'reading the copy')
  await thread.checkDocuments(partial, files)
  const documentsOf = (name: string) => files.find((file) => file.name === `${name}.ejson.zst`)?.documents ?? 0
  return {
    store: 'mongodb',
    layout: MONGO_LAYOUT,
    events: documentsOf('events'),
    sessions: documentsOf('sessions'),
    numbers: between(before, await numbersOf(uri, at, REFRESHES_BESIDE_OTHERS)),
    files: [...files],
  }
}

/** Of some tens of milliseconds each: while others write all the time, there is always something left to do. */
const REFRESHES_BESIDE_OTHERS = 20

/** With the manifest, which comes last, it is whole; by its name, it is a backup. */
function finish(partial: string, path: string, manifest: Manifest): void {
  const file = join(partial, MANIFEST)
  try {
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    measureFile(file)
  } catch (error) {
    throw explainFull(error, file)
  }
  syncPath(partial)
  renameSync(partial, path)
}
