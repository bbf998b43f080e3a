/** What whoever hands out a stream wants to hear of it. */
type Listener = {
  /** Reading the chunks broke off. */
  onError(error: unknown): void
  /** After the last chunk, an error, or a browser that disconnected. Must not reject. */
  onEnd?(): Promise<void>
}

/** The chunks as the body of a response. A browser that disconnects ends the reading. */
export function streamOf(
  chunks: AsyncGenerator<string | Uint8Array>,
  { onError, onEnd = async () => {} }: Listener,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  // Once it is, `cancel` ends it, and what a read under way brings goes nowhere.
  let isCancelled = false
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next()
        if (isCancelled) return
        if (!done) return controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
        controller.close()
      } catch (error) {
        if (isCancelled) return
        onError(error)
        controller.error(error)
      }
      await onEnd()
    },
    async cancel() {
      isCancelled = true
      await chunks.return(undefined)
      await onEnd()
    },
  })
}
