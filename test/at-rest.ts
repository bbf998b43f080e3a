// What lies on the disk, or in a MongoDB, byte for byte.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import mongoose from 'mongoose'

/** Every file of the folder, by its path, as the bytes that are on the disk; decompressed where zstd has compressed them. */
export async function filesIn(folder: string): Promise<[name: string, text: string][]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [file.slice(folder.length), textIn(await readFile(file))]),
  )
}

const textIn = (bytes: Buffer): string => {
  const isCompressed = bytes.subarray(0, ZSTD.length).equals(ZSTD)
  return (isCompressed ? zstdDecompressSync(bytes) : bytes).toString('latin1')
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** The files in which the text stands, by their paths. */
export const filesWith = async (folder: string, text: string): Promise<string[]> =>
  (await filesIn(folder)).filter(([, content]) => content.includes(text)).map(([name]) => name)

/** Every document of every collection. */
export async function documentsAt(uri: string): Promise<[collection: string, text: string][]> {
  const connection = await mongoose.createConnection(uri).asPromise()
  try {
    const collections = (await connection.db?.collections()) ?? []
    return await Promise.all(
      collections.map(
        async (collection): Promise<[string, string]> => [
          collection.collectionName,
          JSON.stringify(await collection.find().toArray()),
        ],
      ),
    )
  } finally {
    await connection.close()
  }
}
