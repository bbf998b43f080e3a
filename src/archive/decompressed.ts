import { withHead } from './with-head.ts'

/** The content of a file that is compressed by zstd or gzip, or by neither: its first bytes tell. Rejects where it is damaged. */
export async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = await withHead(bytes)
  const format = FORMATS.find(({ magic }) => magic.every((byte, index) => source.head[index] === byte))
  if (!format) return yield* source.all
  // Not zlib's own streams, for which a zstd file that ends too soon is whole.
  const content = streamOf(source.all).pipeThrough(new DecompressionStream(format.name as CompressionFormat))
  try {
    yield* content as unknown as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new Error(`it is damaged: what is compressed in it cannot be read (${(error as Error).message})`)
  }
}

const FORMATS = [
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'gzip', magic: [0x1f, 0x8b] },
] as const

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
