// The thread of backups: a server that is backed up goes on answering. All that takes long is here; what is decided is in `backup.ts`,
// `restore.ts` and `drill.ts`.

import { copyJournal, inspectJournal } from '../journal/copy.ts'
import { explainFull } from '../lib/full-disk.ts'
import { serveCalls } from '../lib/worker.ts'
import { copyStore, inspectStore } from '../store/sqlite/copy.ts'
import { copyFile, measureFile } from './files.ts'

/** The same call; when the disk is full, its error names the file that had no room. */
const explained =
  <Args extends readonly unknown[], Result>(work: (...args: Args) => Result, targetOf: (...args: Args) => string) =>
  (...args: Args): Result => {
    try {
      const result = work(...args)
      if (!(result instanceof Promise)) return result
      return result.catch((error: unknown) => {
        throw explainFull(error, targetOf(...args))
      }) as Result
    } catch (error) {
      throw explainFull(error, targetOf(...args))
    }
  }

// Loaded only where the config names a MongoDB.
const mongo = () => import('./mongo.ts')

const progress = { done: 0, all: 0 }

const calls = {
  copyJournal: explained(copyJournal, (_, target) => target),
  inspectJournal,
  copyStore: explained(copyStore, (_, target) => target),
  inspectStore,
  measureFile,
  copyFile: explained(copyFile, (_, target) => target),

  /** Of the documents that are read or written at this moment. */
  documentProgress: () => ({ ...progress }),
  dumpDocuments: explained(
    async (uri: string, folder: string) =>
      (await mongo()).dumpDocuments(uri, folder, (done, all) => Object.assign(progress, { done, all })),
    (_, folder) => folder,
  ),
  checkDocuments: async (...args: Parameters<Mongo['checkDocuments']>) => (await mongo()).checkDocuments(...args),
  loadDocuments: async (
    uri: string,
    database: string | undefined,
    folder: string,
    files: readonly string[],
    all: number,
  ) => {
    Object.assign(progress, { done: 0, all })
    return (await mongo()).loadDocuments(uri, database, folder, files, (count) => {
      progress.done += count
    })
  },
  hasDocuments: async (uri: string) => (await mongo()).hasDocuments(uri),
  dropDatabase: async (uri: string, database: string) => void (await (await mongo()).dropDatabase(uri, database)),
}

type Mongo = Awaited<ReturnType<typeof mongo>>

export type BackupCalls = typeof calls

serveCalls(calls)
