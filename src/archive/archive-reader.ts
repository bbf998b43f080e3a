// What is in an archive, and whether it is still what was written.

import { createHash } from 'node:crypto'
import { decompressed, salvaged } from './decompressed.ts'
import { folderTarget } from './folder-target.ts'
import { type ArchivedFile, dataNameOf, isManifest, manifestNameOf, readManifest, toldByName } from './manifest.ts'
import { type S3Access, s3Target } from './s3-target.ts'
import type { ArchiveTarget } from './target.ts'

export type FoundFile = { readonly name: string } & (
  | { readonly ok: true; readonly file: ArchivedFile }
  /** One sentence about a manifest that cannot be read. */
  | { readonly ok: false; readonly mistake: string }
)

export type ArchiveReader = ReturnType<typeof createArchiveReader>

type UnlistedFile = NonNullable<ReturnType<typeof toldByName>>

/** `place`: a folder, or `s3://bucket/prefix`. */
export const targetAt = (place: string, access: S3Access = {}): ArchiveTarget =>
  place.startsWith('s3://') ? s3Target(place, access) : folderTarget(place)

export function createArchiveReader(target: ArchiveTarget) {
  const text = (name: string) => decompressed(target.bytes(name))

  const read = async (manifest: string): Promise<FoundFile> => {
    const name = dataNameOf(manifest)
    try {
      const found = readManifest(await textOf(target.bytes(manifest)), name)
      return found.ok ? { name, ...found } : { name, ok: false, mistake: `${target.pathOf(manifest)} ${found.mistake}` }
    } catch (error) {
      return { name, ok: false, mistake: `cannot read ${target.pathOf(manifest)}: ${(error as Error).message}` }
    }
  }

  return {
    /** For people. */
    pathOf: target.pathOf,
    /** What the manifests tell, by the names of the files. */
    async *files() {
      for await (const name of target.names()) if (isManifest(name)) yield await read(name)
    },
    /** Files with events that have no manifest: a process was killed before it wrote that one, or after it removed it. */
    async unlisted(): Promise<UnlistedFile[]> {
      const names = new Set(await Array.fromAsync(target.names()))
      return [...names].flatMap((name) => (names.has(manifestNameOf(name)) ? [] : (toldByName(name) ?? [])))
    },
    /** What the manifest of this file tells; undefined when there is none. */
    async find(name: string): Promise<FoundFile | undefined> {
      const manifest = manifestNameOf(name)
      return isManifest(manifest) && (await target.has(manifest)) ? read(manifest) : undefined
    },
    /** The lines of a file as bytes, decompressed and unchecked. */
    text,
    /** The same, as far as a damaged one can be read. */
    salvaged: (name: string) => salvaged(target.bytes(name)),
    /** What is wrong with a file, as one sentence; undefined when it is what was written. */
    async mistakeIn(file: Pick<ArchivedFile, 'name' | 'sha256'>): Promise<string | undefined> {
      const hash = createHash('sha256')
      try {
        for await (const bytes of text(file.name)) hash.update(bytes)
      } catch (error) {
        return `cannot read ${target.pathOf(file.name)}: ${(error as Error).message}`
      }
      const found = hash.digest('hex')
      if (found === file.sha256) return undefined
      return `${target.pathOf(file.name)} is not what was written: its lines have the SHA-256 ${found} instead of ${file.sha256}`
    },
  }
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(bytes)).toString()
}
