// What `import` is told to take: files, folders, archives, or what is piped in.

import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileReason } from '../config/file-reason.ts'
import { type ArchiveReader, createArchiveReader, type FoundFile, targetAt } from './archive-reader.ts'
import { salvaged } from './decompressed.ts'

export type ImportSource = {
  /** For people. */
  readonly name: string
  /** Its size, or 0 where that is not known. */
  readonly bytes: number
  /** How many of these were read so far, where that is known before the end. */
  bytesRead(): number
  /** Its content, decompressed. Rejects where it cannot be read, after all before it. */
  open(): AsyncIterable<Uint8Array>
  /** What is wrong with it as a whole, as one sentence; undefined when nothing is, or nothing tells. */
  mistake(): Promise<string | undefined>
}

/** `-` is standard input. Rejects with one sentence when a place is not there, or has nothing in it. */
export async function sourcesAt(places: readonly string[], stdin: AsyncIterable<Uint8Array>): Promise<ImportSource[]> {
  const found = await Promise.all(places.map((place) => sourcesIn(place, stdin)))
  return found.flat()
}

async function sourcesIn(place: string, stdin: AsyncIterable<Uint8Array>): Promise<ImportSource[]> {
  if (place === '-') return [streamSource('standard input', 0, () => stdin)]
  const sources = place.startsWith('s3://') ? await archivedIn(place) : await sourcesOnDisk(place)
  if (sources.length === 0) throw new Error(`${place} has nothing to import: no archive, no .ndjson and no .csv file`)
  return sources
}

async function sourcesOnDisk(path: string): Promise<ImportSource[]> {
  const found = await stat(path).catch((error) => {
    throw new Error(`cannot read ${path}: ${fileReason(error)}`)
  })
  if (!found.isDirectory()) return [await fileSource(path, found.size)]
  const archived = await archivedIn(path)
  const known = new Set(archived.map(({ name }) => name))
  const files = await readdir(path, { recursive: true, withFileTypes: true })
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const others = paths.filter((file) => EXPORTS.test(file) && !known.has(file)).sort()
  return [...archived, ...(await Promise.all(others.map(async (file) => fileSource(file, (await stat(file)).size))))]
}

const EXPORTS = /\.(?:ndjson|csv)(?:\.zst|\.gz)?$/

async function archivedIn(place: string): Promise<ImportSource[]> {
  const reader = createArchiveReader(targetAt(place))
  return (await Array.fromAsync(reader.files())).map((found) => archivedSource(reader, found))
}

async function fileSource(path: string, bytes: number): Promise<ImportSource> {
  const reader = createArchiveReader(targetAt(dirname(path)))
  const archived = await reader.find(basename(path))
  if (archived) return archivedSource(reader, archived)
  return streamSource(path, bytes, () => createReadStream(path) as AsyncIterable<Uint8Array>)
}

const archivedSource = (reader: ArchiveReader, found: FoundFile): ImportSource => ({
  name: reader.pathOf(found.name),
  bytes: found.ok ? found.file.bytes : 0,
  bytesRead: () => 0,
  open: () => reader.salvaged(found.name),
  mistake: async () => (found.ok ? reader.mistakeIn(found.file) : found.mistake),
})

function streamSource(name: string, bytes: number, open: () => AsyncIterable<Uint8Array>): ImportSource {
  let bytesRead = 0
  async function* counted() {
    for await (const chunk of open()) {
      bytesRead += chunk.length
      yield chunk
    }
  }
  return {
    name,
    bytes,
    bytesRead: () => bytesRead,
    open: () => salvaged(counted()),
    mistake: async () => undefined,
  }
}
