/** Meta lets 1 MB through the data channel; base64 and the envelope around it make that a body of this size at most. */
export const MAX_BODY_BYTES = Math.ceil((1024 * 1024 * 4) / 3) + 4_096

/** Meta itself gives up on us after 10 seconds; a body that takes longer is nobody's. */
const MAX_BODY_MS = 10_000

export type Body =
  | { readonly bytes: Uint8Array }
  | { readonly problem: 'too_large' | 'malformed'; readonly detail: string }

/** Reads the body as it came, never holding more than the limit however much is sent, and for how long. */
export async function readBody(request: Request): Promise<Body> {
  const announced = request.headers.get('content-length')
  if (Number(announced) > MAX_BODY_BYTES) return tooLarge(`${announced} bytes`)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Body>((resolve) => {
    const detail = `the body did not arrive within ${MAX_BODY_MS / 1000} seconds`
    timer = setTimeout(() => resolve({ problem: 'malformed', detail }), MAX_BODY_MS)
  })
  try {
    return await Promise.race([announced === null ? readStream(request) : readWhole(request), late])
  } catch (error) {
    return { problem: 'malformed', detail: `the body could not be read: ${(error as Error).message}` }
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
    if (size > MAX_BODY_BYTES) return tooLarge(`more than ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks) }
}

const tooLarge = (found: string): Body => ({
  problem: 'too_large',
  detail: `the body has ${found}; at most ${MAX_BODY_BYTES} are accepted`,
})
