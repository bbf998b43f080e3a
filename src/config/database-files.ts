import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import type { Config } from './schema.ts'

/** The SQLite files of a config: the journal, and the store unless that is a MongoDB. */
export const databaseFilesOf = ({ journal, store }: Pick<Config, 'journal' | 'store'>): readonly string[] =>
  [journal.file, sqliteFileOf(store.uri) ?? []].flat()
