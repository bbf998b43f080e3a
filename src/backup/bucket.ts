// Backups in S3. Each is made in a folder and sent, or fetched into a folder and read there, so that it is the same backup everywhere.

import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type S3Access, s3Target } from '../archive/s3-target.ts'
import { requireRoom } from '../lib/free-space.ts'
import { explainFull } from '../lib/full-disk.ts'
import { type Backup, type BackupDeps, runBackup } from './backup.ts'
import { inFolder, LAYOUTS } from './folder.ts'
import { type Manifest, parseManifest, sizeOf } from './manifest.ts'
import { isBackupName, MANIFEST } from './names.ts'
import type { Progress } from './thread.ts'

type BucketDeps = {
  /** `s3://bucket/prefix`. */
  readonly place: string
  /** `backup.folder`; what passes through is in a folder of its own there. */
  readonly folder: string
  readonly access?: S3Access
  readonly onProgress?: Progress
}

/**
 * A name in the bucket means a whole backup: every file is read back as it was sent before its manifest, the last one, is there. Rejects
 * with one sentence. Nothing in the bucket is ever removed.
 */
export function backUpToBucket(
  deps: Omit<BackupDeps, 'keep' | 'folder'> & BucketDeps,
): Promise<Omit<Backup, 'removed'>> {
  const { place, access = {}, onProgress = () => {} } = deps
  return passing(deps.folder, async (folder) => {
    const { name, path, manifest } = await runBackup({
      ...deps,
      folder,
      onProgress: (share, what) => onProgress(share / 2, what),
    })
    const target = s3Target(place, access)
    const all = sizeOf(manifest)
    let sent = 0
    for (const file of manifest.files) {
      onProgress(0.5 + sent / all / 2, `sending ${file.name}`)
      const key = `${name}/${file.name}`
      await target.putFile(key, join(path, file.name))
      if ((await hashOf(target.bytes(key))) !== file.sha256)
        throw new Error(`${target.pathOf(key)} reads otherwise than it was sent; there is no backup of this name then`)
      sent += file.bytes
    }
    await target.putFile(`${name}/${MANIFEST}`, join(path, MANIFEST))
    return { name, path: target.pathOf(name), manifest }
  })
}

/**
 * Fetches a backup (`s3://bucket/prefix/NAME`), or the newest one at a place, and does something with the folder that it is in then.
 * Checksums are not compared: `restore` and `drill` do.
 */
export function withFetched<T>(deps: BucketDeps, work: (folder: string, path: string) => Promise<T>): Promise<T> {
  return passing(deps.folder, async (folder) => work(folder, await fetchInto(folder, deps)))
}

async function fetchInto(folder: string, { place, access = {}, onProgress = () => {} }: BucketDeps): Promise<string> {
  const { prefix, name } = await locate(place, access)
  const target = s3Target(prefix, access)
  const manifestKey = `${name}/${MANIFEST}`
  const text = await textOf(target.bytes(manifestKey), target.pathOf(manifestKey))
  const manifest: Manifest = parseManifest(text, target.pathOf(manifestKey), LAYOUTS)
  requireRoom(folder, sizeOf(manifest))
  const path = join(folder, name)
  mkdirSync(path, { mode: 0o700 })
  for (const [index, file] of manifest.files.entries()) {
    onProgress((0.3 * index) / manifest.files.length, `fetching ${file.name}`)
    await save(target.bytes(`${name}/${file.name}`), join(path, file.name), target.pathOf(`${name}/${file.name}`))
  }
  await Bun.write(join(path, MANIFEST), text, { mode: 0o600 })
  return path
}

/** The place of a backup by its name, or of the newest one there. */
async function locate(place: string, access: S3Access): Promise<{ readonly prefix: string; readonly name: string }> {
  const trimmed = place.replace(/\/+$/, '')
  const last = basename(trimmed)
  if (isBackupName(last)) return { prefix: trimmed.slice(0, -last.length), name: last }
  let newest = ''
  for await (const key of s3Target(trimmed, access).names()) {
    const name = key.slice(0, -MANIFEST.length - 1)
    if (key === `${name}/${MANIFEST}` && isBackupName(name) && name > newest) newest = name
  }
  if (newest === '') throw new Error(`there is no backup in ${place}; \`screentrail backup ${place}\` makes one`)
  return { prefix: trimmed, name: newest }
}

/** A folder below `backup.folder` for what passes through, which is empty before and gone afterwards; one process at a time has it. */
async function passing<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(join(folder, 'passing-through'), async () => {
    const inside = join(folder, 'passing-through', 'backups')
    rmSync(inside, { recursive: true, force: true })
    mkdirSync(inside, { mode: 0o700 })
    try {
      return await work(inside)
    } finally {
      rmSync(inside, { recursive: true, force: true })
    }
  })
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest('hex')
}

const textOf = async (bytes: AsyncIterable<Uint8Array>, path: string): Promise<string> =>
  Buffer.concat(await Array.fromAsync(bytes).catch((error: Error) => unreadable(path, error))).toString()

async function save(bytes: AsyncIterable<Uint8Array>, file: string, path: string): Promise<void> {
  try {
    await pipeline(Readable.from(bytes), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    unreadable(path, explainFull(error, file) as Error)
  }
}

const unreadable = (path: string, { message }: Error): never => {
  throw new Error(`cannot fetch ${path}: ${message}`)
}
