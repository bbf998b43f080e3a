// The names of a backup and of what is in it. Pure.

export const MANIFEST = 'manifest.json'
export const JOURNAL_COPY = 'journal.db'
/** Of a store in SQLite. */
export const STORE_COPY = 'store.db'

/** The name of a backup: `2026-11-28T16-55-03.123Z`. In the order of names, backups are in the order of time. */
export const nameOf = (at: number): string => new Date(at).toISOString().replaceAll(':', '-')

export const isBackupName = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/.test(name)
