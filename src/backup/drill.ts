// Restores the newest backup into a place of its own, and compares what comes back: a backup that was never restored is a hope.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Loaded } from '../config/load-result.ts'
import type { Clock } from '../lib/clock.ts'
import { requireRoom } from '../lib/free-space.ts'
import { withDatabase } from '../lib/mongo-uri.ts'
import { databaseOf } from '../store/mongo/connection.ts'
import type { Store } from '../store/store.ts'
import { drillFolder, type FoundBackup, inFolder, newestBackup } from './folder.ts'
import { answersThatDiffer, differencesOf, type Manifest, sizeOf } from './manifest.ts'
import { JOURNAL_COPY, STORE_COPY } from './names.ts'
import { type Answers, type FoundNumbers, type Numbers, numbersAndAnswersOf, numbersOf } from './numbers.ts'
import { loadDocuments, makeConsistent, placeFile, requireSameStore, requireWhole } from './restore.ts'
import { type Progress, type Thread, withThread } from './thread.ts'

export type DrillDeps = {
  readonly loaded: Pick<Loaded, 'config' | 'flows'>
  readonly folder: string
  /** Of Screentrail. */
  readonly version: string
  readonly clock: Clock
  readonly onProgress?: Progress
}

export type Drill = {
  /** Of the backup. */
  readonly name: string
  /** When the drill began, milliseconds since the epoch. */
  readonly at: number
  readonly manifest: Manifest
  /** What is not as it was, a clause each; none when all is well. */
  readonly differences: readonly string[]
}

/** Rejects with one sentence when there is no backup, or it cannot be restored. What it makes, it removes. */
export async function runDrill({ loaded, folder, version, clock, onProgress = () => {} }: DrillDeps): Promise<Drill> {
  // Nothing is made in a folder that has none.
  newestBackup(folder)
  return inFolder(folder, () =>
    withThread(async (thread) => {
      const at = clock()
      const backup = newestBackup(folder)
      const { name, manifest } = backup
      // A store in SQLite needs no more than a folder.
      if (manifest.store === 'mongodb') requireSameStore(backup, loaded.config.store.uri)
      const scratch = drillFolder(folder, name)
      try {
        await requireWhole(thread, backup, onProgress)
        const found = await restoreInto({ thread, scratch, backup, loaded, version, onProgress })
        return { name, at, manifest, differences: compare(manifest, found) }
      } finally {
        rmSync(scratch, { recursive: true, force: true })
      }
    }),
  )
}

type Contents = {
  readonly counts: Manifest['counts']
  readonly numbers: Numbers
  /** Of the reports; only where the backup has them, and this version is the one that made it. */
  readonly answers?: Answers
}

type Parts = Required<Pick<DrillDeps, 'loaded' | 'version' | 'onProgress'>> & {
  readonly thread: Thread
  readonly scratch: string
  readonly backup: FoundBackup
}

async function restoreInto({ thread, scratch, backup, loaded, version, onProgress }: Parts): Promise<Contents> {
  const { path, manifest } = backup
  requireRoom(scratch, sizeOf(manifest))
  const journal = join(scratch, JOURNAL_COPY)
  await placeFile(thread, join(path, JOURNAL_COPY), journal)
  const { waiting } = await thread.inspectJournal(journal)
  const at = Date.parse(manifest.at)
  if (manifest.store === 'mongodb') {
    const { counts, numbers } = await restoreMongo(thread, backup, loaded, at, onProgress)
    return { counts: { ...counts, waiting }, numbers }
  }
  const store = join(scratch, STORE_COPY)
  onProgress(0.5, 'copying the store')
  await placeFile(thread, join(path, STORE_COPY), store)
  onProgress(0.7, 'reading what came back')
  const isComparable = manifest.answers !== undefined && manifest.version === version
  const read = isComparable ? numbersAndAnswersOf : numbersOf
  const found: FoundNumbers & { readonly answers?: Answers } = await read(`sqlite:${store}`, at)
  const { events, sessions } = await thread.inspectStore(store)
  return { ...found, counts: { events, sessions, waiting } }
}

/** In a database beside the one of the config, which is dropped afterwards. */
async function restoreMongo(
  thread: Thread,
  backup: FoundBackup,
  { config, flows }: DrillDeps['loaded'],
  at: number,
  onProgress: Progress,
) {
  const { uri } = config.store
  const database = `${databaseOf(uri).slice(0, 50)}-drill`
  try {
    // Rejects unless every document is there.
    await loadDocuments(thread, uri, database, backup, onProgress)
    onProgress(0.95, 'computing sessions and rollups')
    const scratch = withDatabase(uri, database)
    await makeConsistent(scratch, { config, flows })
    const { events, sessions } = backup.manifest.counts
    return { counts: { events, sessions }, numbers: (await numbersOf(scratch, at)).numbers }
  } finally {
    await thread.dropDatabase(uri, database)
  }
}

function compare({ counts, numbers, answers }: Manifest, found: Contents): readonly string[] {
  const counted = (['events', 'sessions', 'waiting'] as const).flatMap((what) =>
    found.counts[what] === counts[what] ? [] : `${found.counts[what]} ${what}, and there were ${counts[what]}`,
  )
  return [
    ...counted,
    ...(numbers ? differencesOf(numbers, found.numbers) : []),
    ...(answers && found.answers ? answersThatDiffer(answers, found.answers) : []),
  ]
}

const KIND = 'backup'
const LAST_DRILL = 'last drill'

const lastDrillShape = z.object({ at: z.int(), backup: z.string(), differences: z.array(z.string()) })

/** What the store keeps of the last drill. */
export type LastDrill = Readonly<z.infer<typeof lastDrillShape>>

export async function keepDrill(store: Pick<Store, 'putDocument'>, { at, name, differences }: Drill): Promise<void> {
  const value = { at, backup: name, differences: [...differences] }
  await store.putDocument({ kind: KIND, key: LAST_DRILL, value }, { now: at })
}

/** Undefined when there was none yet. */
export const lastDrill = async (store: Pick<Store, 'getDocument'>, now: number): Promise<LastDrill | undefined> =>
  lastDrillShape.safeParse(await store.getDocument(KIND, LAST_DRILL, now)).data
