import { PassThrough, pipeline, Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { withHead } from './with-head.ts'

/** The content of a file that is compressed by zstd or gzip, or by neither: its first bytes tell. Rejects where it is damaged. */
export async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { format, all } = await recognised(bytes)
  if (!format) return yield* all
  // Not zlib's own streams, for which a zstd file that ends too soon is whole.
  const content = streamOf(all).pipeThrough(new DecompressionStream(format.name as CompressionFormat))
  yield* explained(content as unknown as AsyncIterable<Uint8Array>)
}

/**
 * The same, up to the last byte that can be read, and rejects only then. Two streams decompress it side by side: that of `decompressed` tells
 * of any damage, but keeps up to 64 KB of what is before it; zlib's own hands that out, of gzip all but 16 KB.
 */
export async function* salvaged(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { format, all } = await recognised(bytes)
  if (!format) return yield* all
  const source = Readable.from(all)
  const copy = source.pipe(new PassThrough())
  const judged = drained(decompressed(copy))
  // Whoever awaits it below hears of its failure.
  judged.catch(() => {})
  try {
    yield* explained(pipeline(source, format.reader(), () => {}))
    await judged
  } finally {
    copy.destroy()
  }
}

async function* explained(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (error) {
    throw new Error(`it is damaged: what is compressed in it cannot be read (${(error as Error).message})`)
  }
}

async function drained(content: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of content);
}

const FORMATS = [
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], reader: createZstdDecompress },
  { name: 'gzip', magic: [0x1f, 0x8b], reader: createGunzip },
] as const

/** `all` gives the head, too. */
async function recognised(bytes: AsyncIterable<Uint8Array>) {
  const { head, all } = await withHead(bytes)
  return { format: FORMATS.find(({ magic }) => magic.every((byte, index) => head[index] === byte)), all }
}

/** Read only as fast as it is taken. */
const streamOf = (chunks: AsyncGenerator<Uint8Array>): ReadableStream<BufferSource> =>
  new ReadableStream<BufferSource>(
    {
      async pull(controller) {
        const { value, done } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value as Uint8Array<ArrayBuffer>)
      },
      async cancel() {
        await chunks.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
