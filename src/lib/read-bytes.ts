type Reading = {
  /** Cancels the rest of the body and frees what was read. */
  readonly signal?: AbortSignal
  /** Called with the size of each chunk. */
  readonly onRead?: (bytes: number) => void
}

/** Reads a body to its end; undefined if it has more than `limit` bytes or the signal aborts. Rejects if the body breaks off. */
export async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  { signal, onRead }: Reading = {},
): Promise<Buffer | undefined> {
  const reader = body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  const cancel = () => {
    chunks.length = 0
    void reader?.cancel().catch(() => {})
  }
  signal?.addEventListener('abort', cancel)
  for (let part = await reader?.read(); part?.value && !signal?.aborted; part = await reader?.read()) {
    size += part.value.length
    if (size > limit) {
      cancel()
      return undefined
    }
    chunks.push(part.value)
    onRead?.(part.value.length)
  }
  return signal?.aborted ? undefined : Buffer.concat(chunks)
}
