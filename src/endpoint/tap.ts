// Lets requests and replies of an endpoint that is there already pass through, byte for byte. A copy of both is looked at afterwards.

import type { Flow } from '../flow/definition.ts'
import type { Clock, Stopwatch } from '../lib/clock.ts'
import { readBytes } from '../lib/read-bytes.ts'

/** What passed. */
export type Tapped = {
  readonly flow: Flow
  /** When the request came, milliseconds since the epoch. */
  readonly at: number
  readonly request: Uint8Array
  readonly requestHeaders: Headers
  /** What the phone got. */
  readonly status: number
  /** Undefined if the endpoint did not answer. */
  readonly reply?: { readonly status: number; readonly headers: Headers; readonly bytes: Uint8Array }
  /** Why it did not. */
  readonly failure?: { readonly code: string; readonly message: string }
  /** What the endpoint took, milliseconds. */
  readonly ms: number
}

type TapDeps = {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly stopwatch: Stopwatch
}

export type Passed = { readonly response: Response; readonly tapped: Tapped }

/** Never rejects. `request`: its body. */
export type Tap = (flow: Flow, request: Uint8Array, headers: Headers) => Promise<Passed>

/** Larger than anything Meta takes. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024

export function createTap({ fetch, clock, stopwatch }: TapDeps): Tap {
  return async (flow, request, requestHeaders) => {
    const { url, timeoutMs } = flow.tap ?? { url: '', timeoutMs: 0 }
    const at = clock()
    const started = stopwatch()
    const signal = AbortSignal.timeout(timeoutMs)
    const passed = (response: Response, more: Pick<Tapped, 'reply' | 'failure'>): Passed => ({
      response,
      tapped: { flow, at, request, requestHeaders, status: response.status, ms: stopwatch() - started, ...more },
    })
    try {
      // A connection of its own: on one that is kept open and was just closed, a request would be lost or made twice.
      const answered = await fetch(url, {
        method: 'POST',
        headers: passedOn(requestHeaders),
        body: request as Uint8Array<ArrayBuffer>,
        redirect: 'manual',
        decompress: false,
        keepalive: false,
        signal,
      })
      const { status } = answered
      const bytes = await readBytes(answered.body, MAX_REPLY_BYTES)
      if (!bytes) throw new TooLarge()
      const body = BODILESS.has(status) ? null : (bytes as Buffer<ArrayBuffer>)
      const response = new Response(body, { status, headers: passedOn(answered.headers) })
      return passed(response, { reply: { status, headers: answered.headers, bytes } })
    } catch (error) {
      const { status, failure } = failureOf(error, signal.aborted, timeoutMs)
      return passed(new Response(`${SORRY[status]}\n`, { status, headers: PLAIN_TEXT }), { failure })
    }
  }
}

/** Whom nothing is told that only this connection means (RFC 9110, 7.6.1). The length is that of what is sent. */
function passedOn(given: Headers): Headers {
  const headers = new Headers(given)
  const named = (given.get('connection') ?? '').split(',').map((name) => name.trim())
  for (const name of [...HOP_BY_HOP, ...named]) if (/^[\w-]+$/.test(name)) headers.delete(name)
  return headers
}

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
]

/** Such responses have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

class TooLarge extends Error {}

function failureOf(error: unknown, isLate: boolean, timeoutMs: number) {
  if (error instanceof TooLarge) return failed(502, 'upstream_body', `answered more than ${MAX_REPLY_BYTES} bytes`)
  if (isLate) return failed(504, 'upstream_timeout', `did not answer within ${timeoutMs} ms`)
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return failed(502, 'upstream_unreachable', `could not be reached: ${String(code ?? name ?? 'no reason was given')}`)
}

const failed = (status: 502 | 504, code: string, message: string) => ({ status, failure: { code, message } })

const PLAIN_TEXT = { 'content-type': 'text/plain; charset=utf-8' }

const SORRY = {
  502: 'The endpoint behind this address could not be reached.',
  504: 'The endpoint behind this address did not answer in time.',
} as const
