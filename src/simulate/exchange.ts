// One request and its answer: sealed, sent, timed, opened.

import type { KeyObject } from 'node:crypto'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { openReply, type Secret, sealRequest } from './client.ts'
import type { FindingKind, RunCounts } from './run-counts.ts'

export type Exchanged =
  | { readonly ok: true; readonly reply: JsonObject }
  /** `wrong`: an answer that no phone could use · `closed`: it closes the flow · `unreachable`: none. `found` is the rest of a sentence. */
  | { readonly ok: false; readonly reason: 'wrong' | 'closed' | 'unreachable'; readonly found: string }

export type Exchange = (kind: FindingKind, request: JsonObject) => Promise<Exchanged>

/** An answered request, as sent. */
export type Answered = { readonly kind: FindingKind; readonly body: string; readonly status: number }

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type ExchangeDeps = {
  readonly url: string
  readonly publicKey: KeyObject
  readonly appSecret: string | undefined
  readonly fetch: Fetch
  /** Milliseconds, with a fraction. */
  readonly now: () => number
  readonly counts: RunCounts
  readonly onReply?: ((answered: Answered) => void) | undefined
}

/** Meta's own limit for an endpoint. */
const TIMEOUT_MS = 10_000

export function createExchange({ url, publicKey, appSecret, fetch, now, counts, onReply }: ExchangeDeps): Exchange {
  return async (kind, request) => {
    const { body, headers, secret } = sealRequest(request, publicKey, appSecret)
    const sentAt = now()
    counts.sent(kind)
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal })
      const text = await response.text()
      counts.answered(kind, response.status, now() - sentAt)
      onReply?.({ kind, body, status: response.status })
      return readAnswer(response, text, secret)
    } catch (error) {
      return { ok: false, reason: 'unreachable', found: reasonOf(error) }
    }
  }
}

function readAnswer({ status, headers }: Response, text: string, secret: Secret): Exchanged {
  if (status !== 200) {
    const found = describeStatus(status, text, secret)
    return status === CLOSED ? { ok: false, reason: 'closed', found } : wrong(found)
  }
  const opened = openReply(text, secret)
  if (!opened.ok) return wrong(opened.found)
  const type = headers.get('content-type') ?? 'none'
  return type.startsWith('text/plain') ? opened : wrong(`content type ${type} instead of text/plain`)
}

/** Meta's status for a flow token that is no longer valid. */
const CLOSED = 427

const wrong = (found: string): Exchanged => ({ ok: false, reason: 'wrong', found })

function describeStatus(status: number, text: string, secret: Secret): string {
  if (status === 421) return 'status 421: it cannot decrypt; is its private key the first of meta.keys in this config?'
  if (status === 432) return "status 432: it refuses the signature; is its app secret the first of this config's?"
  if (text === '') return status === CLOSED ? 'status 427: it refuses the flow token' : `status ${status}`
  const opened = openReply(text, secret)
  if (status === CLOSED)
    return opened.ok
      ? `status 427: it refuses the flow token, saying ${JSON.stringify(opened.reply.error_msg ?? '')}`
      : `status 427 with ${opened.found}`
  if (opened.ok) return `status ${status} saying ${JSON.stringify(sentenceIn(opened.reply)).slice(0, 200)}`
  return `status ${status} ${opened.isPlain ? `saying ${JSON.stringify(text.slice(0, 200))}` : `with ${opened.found}`}`
}

/** What people would be told, or else all of it. */
const sentenceIn = (reply: JsonObject): Json => (isObject(reply.data) && reply.data.error_message) || reply

function reasonOf(error: unknown): string {
  const { name, message, code = '' } = error as Error & { readonly code?: string }
  if (name === 'TimeoutError') return `none within ${TIMEOUT_MS / 1_000} s`
  return `none: ${REASONS[code] ?? message}`
}

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'the connection was refused; is the endpoint running?',
  ConnectionRefused: 'the connection was refused; is the endpoint running?',
  ECONNRESET: 'the connection was lost',
}
