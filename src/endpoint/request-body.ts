import { isUnavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'

/** Meta lets 1 MB through the data channel; base64 and the envelope around it make that a body of this size at most. */
export const MAX_BODY_BYTES = Math.ceil((1024 * 1024 * 4) / 3) + 4_096

/**
 * What all large bodies under way may take together. Where more arrives, the one that has been under way for longest gives way:
 * a crowd of bodies that never end slows itself, and a body that arrives whole is under way for a moment only.
 */
export const LARGE_BODIES_BYTES = 64 * 1024 * 1024

/** Bodies up to this size, which is what forms send, are read without ceremony; each takes no more than that. */
const SMALL_BYTES = 16 * 1024

/** Meta itself gives up on us after 10 seconds; a body that takes longer is nobody's. */
const MAX_BODY_MS = 10_000

export type Body =
  | { readonly bytes: Uint8Array }
  | { readonly problem: 'too_large' | 'malformed'; readonly detail: string }

/** Reads a body as it came, never holding more than the limits however much is sent, and for how long. */
export type BodyReader = (request: Request) => Promise<Body>

export function createBodyReader(): BodyReader {
  const pool = createPool(LARGE_BODIES_BYTES)
  return async (request) => {
    const announced = request.headers.get('content-length')
    const size = announced === null ? MAX_BODY_BYTES : Number(announced)
    if (size > MAX_BODY_BYTES)
      return tooLarge(`the body has more than the ${MAX_BODY_BYTES} bytes that are accepted: ${size}`)
    try {
      return await (size <= SMALL_BYTES ? readSmall(request) : readLarge(request, pool))
    } catch (error) {
      if (isUnavailable(error)) return LATE
      // What the runtime says of it can quote what was sent.
      return { problem: 'malformed', detail: 'the body broke off, or is not what its headers announce' }
    }
  }
}

/** The server holds the sender to the length that was announced. */
const readSmall = async (request: Request): Promise<Body> => ({
  bytes: await withTimeout(MAX_BODY_MS, request.bytes()),
})

async function readLarge(request: Request, pool: Pool): Promise<Body> {
  const reader = request.body?.getReader()
  if (!reader) return { bytes: new Uint8Array() }
  const chunks: Uint8Array[] = []
  let size = 0
  let ended: Body | undefined
  /** Ends the reading early; what has been read is let go of. */
  const end = (why: Body) => {
    ended ??= why
    chunks.length = 0
    void reader.cancel().catch(() => {})
  }
  const place = pool.enter(() => end(tooLarge('too many large bodies were under way, and the oldest gave way')))
  const timer = setTimeout(() => end(LATE), MAX_BODY_MS)
  try {
    while (!ended) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > MAX_BODY_BYTES)
        end(tooLarge(`the body has more than the ${MAX_BODY_BYTES} bytes that are accepted, and did not say so`))
      else if (!ended) {
        chunks.push(value)
        place.take(value.length)
      }
    }
    return ended ?? { bytes: Buffer.concat(chunks) }
  } finally {
    clearTimeout(timer)
    place.leave()
  }
}

type Pool = {
  /** `giveWay`: called when the bytes are needed by others. */
  enter(giveWay: () => void): { take(bytes: number): void; leave(): void }
}

/** Bytes that many share. Whoever entered first gives way first. */
function createPool(limit: number): Pool {
  type Place = { bytes: number; readonly giveWay: () => void }
  const places = new Set<Place>()
  let taken = 0
  const remove = (place: Place) => {
    if (places.delete(place)) taken -= place.bytes
  }
  return {
    enter(giveWay) {
      const place: Place = { bytes: 0, giveWay }
      places.add(place)
      return {
        take(bytes) {
          place.bytes += bytes
          taken += bytes
          for (const oldest of places) {
            if (taken <= limit) break
            remove(oldest)
            oldest.giveWay()
          }
        },
        leave: () => remove(place),
      }
    },
  }
}

const tooLarge = (detail: string): Body => ({ problem: 'too_large', detail })
const LATE: Body = { problem: 'malformed', detail: `the body did not arrive within ${MAX_BODY_MS / 1000} seconds` }
