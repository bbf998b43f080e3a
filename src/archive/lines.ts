/** A line without its line feed, counted from 1. `text` is undefined for one that is no UTF-8, or too long. */
export type Line = { readonly number: number; readonly text: string | undefined }

/** Bytes. Nothing that Screentrail writes comes near it, and a damaged file must not fill the memory. */
const LONGEST_LINE = 32_000_000

export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 0
  let parts: Uint8Array[] = []
  let length = 0

  const add = (part: Uint8Array) => {
    length += part.length
    if (length <= LONGEST_LINE) parts.push(part)
  }
  const end = (): Line => {
    const line = { number: ++number, text: length > LONGEST_LINE ? undefined : textOf(parts, decoder) }
    parts = []
    length = 0
    return line
  }

  for await (const chunk of bytes) {
    let start = 0
    for (let feed = chunk.indexOf(LINE_FEED); feed >= 0; feed = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, feed))
      yield end()
      start = feed + 1
    }
    // A copy, as whoever gave the chunk may use its memory again.
    if (start < chunk.length) add(chunk.slice(start))
  }
  if (length > 0) yield end()
}

const LINE_FEED = 0x0a

function textOf(parts: readonly Uint8Array[], decoder: TextDecoder): string | undefined {
  try {
    return decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts))
  } catch {
    return undefined
  }
}
