/** Meta lets 1 MB through the data channel; base64 and the envelope around it make that a body of this size at most. */
export const MAX_BODY_BYTES = Math.ceil((1024 * 1024 * 4) / 3) + 4_096

/**
 * What all large bodies under way may take together; more are turned away, so that many senders of slow large bodies cannot
 * use up the memory. Small bodies, which is what forms send, always get through.
 */
export const LARGE_BODIES_BYTES = 64 * 1024 * 1024
const SMALL_BYTES = 64 * 1024

/** Meta itself gives up on us after 10 seconds; a body that takes longer is nobody's. */
const MAX_BODY_MS = 10_000

export type Body =
  | { readonly bytes: Uint8Array }
  | { readonly problem: 'too_large' | 'malformed'; readonly detail: string }

/** Reads a body as it came, never holding more than the limits however much is sent, and for how long. */
export type BodyReader = (request: Request) => Promise<Body>

export function createBodyReader(): BodyReader {
  let large = 0

  /** Counts a body as large from here on; false when there are too many bytes of those already. */
  const reserve = (bytes: number): boolean => {
    if (large + bytes > LARGE_BODIES_BYTES) return false
    large += bytes
    return true
  }

  return async (request) => {
    const announced = request.headers.get('content-length')
    const size = announced === null ? MAX_BODY_BYTES : Number(announced)
    if (size > MAX_BODY_BYTES) return tooLarge(`the body has ${size} bytes; at most ${MAX_BODY_BYTES} are accepted`)
    // A body that does not say its length may become as large as any.
    const reserved = size > SMALL_BYTES ? size : 0
    if (!reserve(reserved)) return tooLarge('too many large bodies are under way')
    try {
      return await inTime(announced === null ? readStream(request) : readWhole(request))
    } catch {
      return { problem: 'malformed', detail: 'the body could not be read to its end' }
    } finally {
      large -= reserved
    }
  }
}

async function inTime(reading: Promise<Body>): Promise<Body> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Body>((resolve) => {
    const detail = `the body did not arrive within ${MAX_BODY_MS / 1000} seconds`
    timer = setTimeout(() => resolve({ problem: 'malformed', detail }), MAX_BODY_MS)
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The server holds the sender to the length that was announced. */
const readWhole = async (request: Request): Promise<Body> => ({ bytes: await request.bytes() })

async function readStream(request: Request): Promise<Body> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return tooLarge(`the body has more than the ${MAX_BODY_BYTES} bytes that are accepted`)
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks) }
}

const tooLarge = (detail: string): Body => ({ problem: 'too_large', detail })
