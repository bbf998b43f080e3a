// Puts a backup in place of what is there, while no server runs.

import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { databaseFilesOf } from '../config/database-files.ts'
import { withLearned } from '../config/learned-flows.ts'
import type { Loaded } from '../config/load-result.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { eraseAgain } from '../erasure/erase-again.ts'
import { createErasure } from '../erasure/erasure.ts'
import { tombstoneFileAt, tombstoneFileBeside } from '../erasure/tombstone-file.ts'
import { isInUse, takeLock } from '../journal/lock.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { requireRoom } from '../lib/free-space.ts'
import { createLog } from '../lib/log.ts'
import { placeOf } from '../lib/mongo-uri.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { createRollups } from '../rollup/rollups.ts'
import { databaseOf } from '../store/mongo/connection.ts'
import { openQueryStore, openStore } from '../store/open.ts'
import { rebuild } from '../store/rebuild.ts'
import type { Erased } from '../store/store.ts'
import { type FoundBackup, findBackup } from './folder.ts'
import { type Manifest, sizeOf } from './manifest.ts'
import { JOURNAL_COPY, nameOf, STORE_COPY } from './names.ts'
import { beginSwap, builtBeside, describeUnfinished, endSwap, swapFiles, unfinishedSwap } from './swap.ts'
import { type Progress, type Thread, watched, withThread } from './thread.ts'

export type RestoreDeps = {
  readonly loaded: Pick<Loaded, 'config' | 'flows'>
  /** The path of a backup, or its name in `backup.folder`. */
  readonly given: string
  /** Whether it may take the place of data that is there. */
  readonly isReplacing: boolean
  readonly clock: Clock
  readonly onProgress?: Progress
}

export type Restored = {
  /** The name of the backup. */
  readonly name: string
  /** Unknown where an earlier run had been cut short, and this one completed it. */
  readonly manifest?: Manifest
  /** Of people who were erased since the backup, and were in it. */
  readonly erased?: Erased
  /** What was there before, under its new names. */
  readonly kept: readonly string[]
}

/**
 * Restores the backup, or completes the restore that was cut short. Until everything is built, a failure changes nothing that was
 * there. Rejects with one sentence.
 */
export async function runRestore(deps: RestoreDeps): Promise<Restored> {
  const { config } = deps.loaded
  const { file } = config.journal
  if (isInUse(file))
    throw new Error(`a server has ${file} open; stop it first, because a restore takes the place of what it writes to`)
  const lock = takeLock(file)
  let isDone = false
  try {
    const restored = await withThread((thread) => restoreWith(thread, deps))
    isDone = true
    return restored
  } finally {
    // Where nothing was restored, there is no journal that the next start would miss.
    lock.close(!isDone && !lock.isOld)
  }
}

async function restoreWith(thread: Thread, deps: RestoreDeps): Promise<Restored> {
  const { loaded, given, isReplacing, clock, onProgress = () => {} } = deps
  const { config } = loaded
  const { uri } = config.store
  const file = sqliteFileOf(uri)
  const place = file ?? placeOf(uri)
  const unfinished = unfinishedSwap(config.journal.file)
  if (unfinished && unfinished.store !== place)
    throw new Error(`${describeUnfinished(unfinished)}, with store.uri as it was`)
  if (unfinished && file !== undefined) {
    const kept = finishSwap(config, unfinished.at)
    if (given.replace(/\/+$/, '').endsWith(unfinished.backup)) return { name: unfinished.backup, kept }
  }
  const backup = findBackup(given, config.backup.folder)
  requireSameStore(backup, uri)
  // What was cut short had been allowed, and what is in the database came from there.
  const isAgain = file === undefined && unfinished !== undefined
  if (!isReplacing && !isAgain) requireNoFiles(config)
  if (file === undefined && !isAgain) await requireNoDocuments(thread, uri)
  await requireWhole(thread, backup, onProgress)
  const at = nameOf(clock())
  const begin = () => beginSwap(config.journal.file, { backup: backup.name, store: place, at })
  // A database is filled in its place, and half of it must not be served; files are built beside.
  if (file === undefined) begin()
  const erased = await build(thread, backup, loaded, onProgress)
  if (file !== undefined) begin()
  return { name: backup.name, manifest: backup.manifest, erased, kept: finishSwap(config, at) }
}

/** Throws one sentence unless the backup and the address are of the same kind of store. */
export function requireSameStore({ path, manifest }: FoundBackup, uri: string): void {
  const store = sqliteFileOf(uri) === undefined ? 'mongodb' : 'sqlite'
  if (manifest.store === store) return
  const names = { sqlite: 'SQLite', mongodb: 'MongoDB' }
  throw new Error(
    `${path} is of a store in ${names[manifest.store]}, and store.uri names one in ${names[store]}; name one of the same kind`,
  )
}

function requireNoFiles(config: Loaded['config']): void {
  const file = databaseFilesOf(config).find((path) => existsSync(path) || existsSync(`${path}-wal`))
  if (file === undefined) return
  throw new Error(
    `there is ${file} already; with --replace the backup takes its place, and it is kept under another name`,
  )
}

/** Not even with --replace: collections of many gigabytes cannot be set aside, and are not dropped. */
async function requireNoDocuments(thread: Thread, uri: string): Promise<void> {
  if (!(await thread.hasDocuments(uri))) return
  const name = databaseOf(uri)
  throw new Error(
    `the MongoDB database ${name} has data, and a restore needs an empty one; name another under store.uri, such as ${name}-restored`,
  )
}

/** Rejects unless every file of the backup is as it was made. */
export async function requireWhole(
  thread: Thread,
  { path, manifest }: FoundBackup,
  onProgress: Progress,
): Promise<void> {
  const all = sizeOf(manifest)
  let done = 0
  for (const { name, bytes, sha256 } of manifest.files) {
    onProgress((0.4 * done) / all, 'checking the backup')
    const file = join(path, name)
    if (!existsSync(file)) throw new Error(`${file} is missing; restore another backup`)
    const found = await thread.measureFile(file)
    if (found.bytes !== bytes || found.sha256 !== sha256)
      throw new Error(
        `${file} is not as the backup was made (${found.bytes} bytes of ${bytes}, or another content); restore another backup`,
      )
    done += bytes
  }
}

/** Until this ends, nobody reads what it builds: whatever must not come back, such as a person erased since, is to be removed at its end. */
async function build(
  thread: Thread,
  backup: FoundBackup,
  loaded: RestoreDeps['loaded'],
  onProgress: Progress,
): Promise<Erased> {
  const { journal, store } = loaded.config
  const file = sqliteFileOf(store.uri)
  try {
    await placeFile(thread, join(backup.path, JOURNAL_COPY), builtBeside(journal.file))
    if (file !== undefined) {
      onProgress(0.5, 'copying the store')
      await placeFile(thread, join(backup.path, STORE_COPY), builtBeside(file))
    } else {
      await loadDocuments(thread, store.uri, undefined, backup, onProgress)
      onProgress(0.95, 'computing sessions and rollups')
      await makeConsistent(store.uri, loaded)
    }
    onProgress(0.98, 'erasing again who was erased since')
    return await eraseFrom(file === undefined ? store.uri : `sqlite:${builtBeside(file)}`, loaded)
  } catch (error) {
    for (const path of databaseFilesOf(loaded.config)) rmSync(builtBeside(path), { force: true })
    throw error
  }
}

async function eraseFrom(uri: string, loaded: RestoreDeps['loaded']): Promise<Erased> {
  const { config, flows } = loaded
  // Whoever was erased before the backup was made is not in it.
  if (tombstoneFileAt(tombstoneFileBeside(config.journal.file)).read()?.length === 0) return { events: 0, sessions: 0 }
  const key = (await readFile(config.privacy.key, 'utf8')).trim()
  // The backup is the copy of an older layout.
  const store = await openStore(uri, createLog('silent'), { keepsOlder: false })
  try {
    const { tombstones, hashes } = createErasure({
      store,
      key,
      flows,
      journalFile: config.journal.file,
      clock: systemClock,
    })
    await tombstones.refresh()
    return await eraseAgain({ store, tombstones, hashes, rules: rulebookOf(await withLearned(loaded, store)) })
  } finally {
    await store.close()
  }
}

/** A copy that is proved by what was read of it. */
export async function placeFile(thread: Thread, from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  const { bytes } = await thread.measureFile(from)
  requireRoom(dirname(to), bytes)
  const copied = await thread.copyFile(from, to)
  const written = await thread.measureFile(to)
  if (copied.sha256 !== written.sha256) throw new Error(`${to} reads otherwise than it was written; check its disk`)
}

/** Rejects with one sentence unless all documents have arrived. */
export async function loadDocuments(
  thread: Thread,
  uri: string,
  database: string | undefined,
  { path, manifest }: Pick<FoundBackup, 'path' | 'manifest'>,
  onProgress: Progress,
): Promise<void> {
  const files = manifest.files.filter(({ documents }) => documents !== undefined)
  const all = files.reduce((sum, { documents = 0 }) => sum + documents, 0)
  const loading = thread.loadDocuments(
    uri,
    database,
    path,
    files.map(({ name }) => name),
    all,
  )
  const counts = await watched(loading, async () => {
    const { done } = await thread.documentProgress()
    onProgress(0.4 + (0.5 * done) / Math.max(all, 1), 'writing the documents')
  })
  for (const { name, documents } of files)
    if (counts[name] !== documents)
      throw new Error(`MongoDB has ${counts[name]} documents of ${name}, and ${documents} were sent`)
}

/** Can be repeated. Returns what was there before. */
function finishSwap(config: Loaded['config'], at: string): readonly string[] {
  const kept = swapFiles(databaseFilesOf(config), at)
  endSwap(config.journal.file)
  return kept
}

/** The documents of a MongoDB are of several instants: sessions and rollups are made anew from the events. */
export async function makeConsistent(uri: string, loaded: Pick<Loaded, 'config' | 'flows'>): Promise<void> {
  const store = await openQueryStore(uri, createLog('silent'))
  try {
    const rules = rulebookOf(await withLearned(loaded, store))
    const from = { trails: 0, events: 0, sessions: 0, changed: 0 }
    for await (const _ of rebuild(store, rules, { from, dryRun: false }));
    for await (const _ of await createRollups(store.rollups).recomputeAll());
  } finally {
    await store.close()
  }
}
