// Where events go before they are removed: one compressed file for each batch of a flow's day, and a manifest beside it.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import PQueue from 'p-queue'
import { sha256 } from '../lib/ids.ts'
import type { TrailEvent } from '../trail/event.ts'
import { createArchiveReader, targetAt, textOf } from './archive-reader.ts'
import { eventOfLine, lineOf } from './event-line.ts'
import { linesOf } from './lines.ts'
import { type ArchivedFile, manifestNameOf, manifestOf } from './manifest.ts'
import type { S3Access } from './s3-target.ts'
import type { ArchiveTarget } from './target.ts'

export type { ArchivedFile } from './manifest.ts'

/** Events of one flow, received on one day (`2026-11-22`) in UTC. */
export type ArchiveBatch = { readonly flow: string; readonly day: string; readonly events: readonly TrailEvent[] }

/** Gives those of the events that may be in the archive. */
export type Sift = (events: readonly TrailEvent[]) => Promise<readonly TrailEvent[]>

export interface Archive {
  /**
   * Writes the events, in the order of (at, id), and reads them back. When the promise resolves, they survive a power cut and are
   * listed; until then nothing of them is. The same events give the same file, in whatever order they come and however often.
   * Rejects with one sentence when they cannot be written, or do not read as they were written: then keep them. Only one process
   * at a time may write.
   */
  write(batch: ArchiveBatch): Promise<ArchivedFile>

  /**
   * Writes those of the events that `sift` gives, which is asked before the writing, and again before the file is listed: whoever looks
   * through the archive meanwhile does not find them.
   */
  writeSifted(batch: ArchiveBatch, sift: Sift): Promise<void>

  /**
   * Takes out of the archive what killed processes have left half written; and of the files that are whole and not listed, the events that
   * `sift` does not give. Resolves with a sentence for each of these that cannot be read.
   */
  sweep(sift: Sift): Promise<readonly string[]>

  /** All files, by name. Rejects with one sentence at a manifest that cannot be read. */
  files(): AsyncIterable<ArchivedFile>

  /**
   * Takes a file out of the archive, once a new one with the events that are to stay has been written and read back. It can be killed
   * anywhere: call it again, and `sweep` where the file is not listed any more.
   */
  replace(file: Pick<ArchivedFile, 'name' | 'flow' | 'day'>, events: readonly TrailEvent[]): Promise<void>

  /** The events of a file. Rejects with one sentence, before the first event, when it is not what was written. */
  read(file: Pick<ArchivedFile, 'name' | 'sha256'>): AsyncIterable<TrailEvent>
}

/** `target`: a folder, which is made when missing, or `s3://bucket/prefix`. Opens nothing yet. */
export const openArchive = (target: string, access?: S3Access): Archive => archiveAt(targetAt(target, access))

export function archiveAt(target: ArchiveTarget): Archive {
  const reader = createArchiveReader(target)
  const writes = new PQueue({ concurrency: 1 })

  /** Until its manifest is there, nobody takes it for a file of the archive. */
  const writeUnlisted = async (batch: ArchiveBatch): Promise<ArchivedFile> => {
    const { lines, ...described } = describe(batch)
    const compressed = await compress(lines, COMPRESSION)
    const file = { ...described, bytes: compressed.length }
    await target.put(file.name, compressed)
    const mistake = await reader.mistakeIn(file)
    if (mistake !== undefined) throw new Error(`the archive does not keep what it is given: ${mistake}`)
    return file
  }

  const list = async (file: ArchivedFile): Promise<ArchivedFile> => {
    const manifest = manifestOf(file)
    await target.put(manifest.name, Buffer.from(manifest.text))
    if ((await textOf(target.bytes(manifest.name))) === manifest.text) return file
    const path = target.pathOf(manifest.name)
    throw new Error(`the archive does not keep what it is given: ${path} reads otherwise than it was written`)
  }

  /** The manifest first: without it, nobody takes what is left for a file of the archive. */
  const remove = async (name: string): Promise<void> => {
    await target.remove(manifestNameOf(name))
    await target.remove(name)
  }

  const write = async (batch: ArchiveBatch) => list(await writeUnlisted(batch))

  const replace: Archive['replace'] = async ({ name, flow, day }, events) => {
    const written = events.length === 0 ? undefined : await write({ flow, day, events })
    if (written?.name !== name) await remove(name)
  }

  async function* read(file: Pick<ArchivedFile, 'name' | 'sha256'>) {
    const mistake = await reader.mistakeIn(file)
    if (mistake !== undefined) throw new Error(mistake)
    for await (const { text } of linesOf(reader.text(file.name))) yield eventOfLine(text as string)
  }

  return {
    write: (batch) => writes.add(() => write(batch)),
    writeSifted: (batch, sift) =>
      writes.add(async () => {
        const events = await sift(batch.events)
        if (events.length === 0) return
        const file = await writeUnlisted({ ...batch, events })
        const left = await sift(events)
        if (left.length === events.length) await list(file)
        else await replace(file, left)
      }),
    replace: (file, events) => writes.add(() => replace(file, events)),
    sweep: (sift) =>
      writes.add(async () => {
        await target.sweep()
        const unread: string[] = []
        for (const file of await reader.unlisted()) {
          const events = await Array.fromAsync(read(file)).catch((error: Error) => {
            unread.push(error.message)
            return []
          })
          const left = await sift(events)
          const [first] = events
          if (first && left.length < events.length) await replace({ ...file, flow: first.flow }, left)
        }
        return unread
      }),
    async *files() {
      for await (const found of reader.files()) {
        if (!found.ok) throw new Error(found.mistake)
        yield found.file
      }
    },
    read,
  }
}

function describe({ flow, day, events }: ArchiveBatch) {
  const ordered = events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const [first, last] = [ordered[0], ordered.at(-1)]
  if (!first || !last) throw new Error(`archive: there are no events of ${flow} on ${day} to write`)
  const stray = events.find((event) => event.flow !== flow || dayInUtc(event.at) !== day)
  if (stray) {
    const { id, at } = stray
    throw new Error(`archive: event ${id} is of ${stray.flow} on ${dayInUtc(at)}, but was given for ${flow} on ${day}`)
  }
  const lines = Buffer.from(ordered.map(lineOf).join(''))
  const hash = createHash('sha256').update(lines).digest('hex')
  return {
    lines,
    name: `${folderOf(flow)}/${day}.${hash}.ndjson.zst`,
    flow,
    day,
    events: ordered.length,
    firstAt: first.at,
    lastAt: last.at,
    sha256: hash,
  }
}

const dayInUtc = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Flows of the config keep their name; any other is told by the manifest. */
const folderOf = (flow: string): string =>
  /^[a-z0-9][a-z0-9_-]{0,62}$/.test(flow) ? flow : `other.${sha256(flow).slice(0, 22)}`

const compress = promisify(zstdCompress)

/** The checksum tells programs such as `zstd --test` of damage, too. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 9, [constants.ZSTD_c_checksumFlag]: 1 } }
