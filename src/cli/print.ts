import { fileReason } from '../config/file-reason.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'

/** To standard output, up to where it is `stopped`. Ignores a reader that closes early (`… | head`). */
export async function print(
  chunks: AsyncGenerator<string | Uint8Array>,
  stopped: Promise<unknown> = new Promise(() => {}),
): Promise<void> {
  let isStopped = false
  const isCutOff = stopped.then(() => {
    isStopped = true
    return true
  })
  // Whoever waits in `written` hears of it.
  process.stdout.on('error', () => {})
  try {
    for await (const chunk of chunks) {
      // On SQLite the rows are read on this thread, and a signal is to be heard between them.
      await yieldToEventLoop()
      // A reader may keep it waiting for good.
      if (isStopped || (await Promise.race([written(chunk).then(() => false), isCutOff]))) break
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

async function written(chunk: string | Uint8Array): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    throw new Error(`cannot write to standard output: ${fileReason(error)}`)
  }
}
