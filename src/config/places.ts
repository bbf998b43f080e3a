// Where archives and backups are put, as the config and the command line name it.

/** An address, also one that lacks a slash, as `s3:/bucket` does. */
const ADDRESS = String.raw`[sS]3:|[A-Za-z][A-Za-z0-9+.-]+:\/\/`

export const FOLDER = new RegExp(`^(?!${ADDRESS})`)
export const BUCKET = /^s3:\/\/[^/]/
export const FOLDER_OR_BUCKET = new RegExp(`${FOLDER.source}|${BUCKET.source}`)

export const isBucket = (place: string): boolean => BUCKET.test(place)

/** Throws one sentence unless it names a folder or a bucket. `name`: of the argument, in its command. */
export function requirePlace(place: string, name: string): void {
  const expected = 'expected a folder, or s3://BUCKET/PREFIX'
  if (place.trim() === '') throw new Error(`${name} is empty; ${expected}, or nothing at all for backup.folder`)
  if (!FOLDER_OR_BUCKET.test(place)) throw new Error(`${place} is an address; ${expected}`)
}
