import { readBytes } from '../lib/read-bytes.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'

/** Meta allows 1 MB through the data channel; in base64, with its envelope, that is a body of at most this size. */
export const MAX_BODY_BYTES = Math.ceil((1024 * 1024 * 4) / 3) + 4_096

/** All large bodies under way, together. If more arrives, the oldest is dropped: a body that arrives whole is under way only briefly. */
export const LARGE_BODIES_BYTES = 64 * 1024 * 1024

/** Bodies up to this size, which is what forms send, do not count as large. */
const SMALL_BYTES = 16 * 1024

/** Meta itself gives up after 10 seconds. */
const TIMEOUT_MS = 10_000

export type Body =
  | { readonly bytes: Uint8Array }
  | { readonly problem: 'too_large' | 'malformed'; readonly detail: string }

/** Reads a body as received, within the limits on size and time. */
export type BodyReader = (request: Request) => Promise<Body>

export function createBodyReader(): BodyReader {
  const pool = createPool(LARGE_BODIES_BYTES)
  return async (request) => {
    const announced = request.headers.get('content-length')
    const size = announced === null ? MAX_BODY_BYTES : Number(announced)
    if (size > MAX_BODY_BYTES) return tooLarge(`${TOO_MANY_BYTES}: ${size}`)
    try {
      // The server holds the sender to the announced length.
      return await (size <= SMALL_BYTES ? readSmall(request) : readLarge(request, pool))
    } catch (error) {
      if (isUnavailable(error)) return malformed(`the body did not arrive within ${TIMEOUT_MS / 1000} seconds`)
      // The runtime's own message can quote the body.
      return malformed('the body broke off, or is not what its headers announce')
    }
  }
}

const readSmall = async (request: Request): Promise<Body> => ({ bytes: await withTimeout(TIMEOUT_MS, request.bytes()) })

async function readLarge({ body }: Request, pool: Pool): Promise<Body> {
  const reading = new AbortController()
  const place = pool.enter(() => reading.abort())
  const { signal } = reading
  try {
    const bytes = await withTimeout(TIMEOUT_MS, readBytes(body, MAX_BODY_BYTES, { signal, onRead: place.take }))
    if (bytes) return { bytes }
    if (signal.aborted) return tooLarge('too many large bodies were under way, and the oldest gave way')
    return tooLarge(`${TOO_MANY_BYTES}, and did not say so`)
  } finally {
    place.leave()
    reading.abort()
  }
}

type Pool = ReturnType<typeof createPool>

/** Bytes that many bodies share; the oldest gives way first. */
function createPool(limit: number) {
  type Place = { bytes: number; readonly giveWay: () => void }
  const places = new Set<Place>()
  let taken = 0
  const remove = (place: Place) => {
    if (places.delete(place)) taken -= place.bytes
  }
  return {
    enter(giveWay: () => void) {
      const place: Place = { bytes: 0, giveWay }
      places.add(place)
      return {
        take(bytes: number) {
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

const TOO_MANY_BYTES = `the body has more than the ${MAX_BODY_BYTES} bytes that are accepted`

const tooLarge = (detail: string): Body => ({ problem: 'too_large', detail })
const malformed = (detail: string): Body => ({ problem: 'malformed', detail })
