import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** To standard output. Ignores a reader that closes early (`… | head`). */
export async function print(chunks: AsyncGenerator<string | Uint8Array>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), process.stdout, { end: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}
